import {ExitCode, UserError, usageError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {firstLine, translateAwsError} from '../aws/failures.ts'
import type {Gap} from '../receipt.ts'
import type {Selection, Target} from './parse-target.ts'

/** What a selection stands for in one region; several parts where its targets had to be looked up one by one. */
type RegionAnswer<T> = {readonly aws: Aws; readonly parts: readonly T[]}

type Resolve<T> = (aws: Aws, selection: Selection) => Promise<T>

/**
 * Looks a selection up in several regions, in each for itself: what one lacks another may have, and one that fails is a gap.
 * @throws UserError as `resolve` does, when that ends all of them
 */
export async function inEachRegion<T>(
  all: readonly Aws[],
  selection: Selection,
  resolve: Resolve<T>,
  signal: AbortSignal,
): Promise<{readonly answers: readonly RegionAnswer<T>[]; readonly gaps: readonly Gap[]}> {
  checkPlaces(all, selection)
  const outcomes = await Promise.all(all.map(aws => outcomeIn(aws, selection, resolve)))
  signal.throwIfAborted()

  const failures = outcomes.flatMap(({failure}) => failure ?? [])
  const missing = outcomes.flatMap(({missing}) => missing ?? [])
  const answers = outcomes.flatMap(({answer}) => answer ?? [])
  if (answers.length === 0) throw worst([...failures, ...missing])
  return {answers, gaps: outcomes.flatMap(({gap}) => gap ?? [])}
}

type Outcome<T> = {
  readonly answer?: RegionAnswer<T>
  /** nothing there matches */
  readonly missing?: UserError
  readonly failure?: unknown
  readonly gap?: Gap
}

async function outcomeIn<T>(aws: Aws, selection: Selection, resolve: Resolve<T>): Promise<Outcome<T>> {
  const here = within(aws, selection)
  if (!here) return {}
  try {
    return {answer: {aws, parts: await resolveOrEach(aws, here, resolve)}}
  } catch (error) {
    if (isNoMatch(error)) return {missing: error}
    const told = translateAwsError(error, `look at ${aws.scope.region}`)
    return {failure: told, gap: regionGap(aws, told)}
  }
}

/** Where one of several targets is not there, the others may be: then each is looked up by itself. */
async function resolveOrEach<T>(aws: Aws, selection: Selection, resolve: Resolve<T>): Promise<readonly T[]> {
  try {
    return [await resolve(aws, selection)]
  } catch (error) {
    const each = oneByOne(selection)
    if (!isNoMatch(error) || each.length < 2) throw error
    const answers = await Promise.all(
      each.map(one =>
        resolve(aws, one).catch(error => {
          if (isNoMatch(error)) return null
          throw error
        }),
      ),
    )
    const present = answers.filter(answer => answer !== null)
    if (present.length === 0) throw error
    return present
  }
}

function oneByOne({targets, logGroups, ...selectors}: Selection): Selection[] {
  const isAsked = ({not}: Target): boolean => !not
  const without = {targets: targets.filter(({not}) => not), logGroups: logGroups.filter(({not}) => not)}
  return [
    ...targets.filter(isAsked).map(target => ({...selectors, ...without, targets: [target, ...without.targets]})),
    ...logGroups.filter(isAsked).map(group => ({...selectors, ...without, logGroups: [group, ...without.logGroups]})),
  ]
}

/** A selection as one region sees it: what ARNs place elsewhere is left out; null where nothing is left of it. */
function within({scope: {region}}: Aws, selection: Selection): Selection | null {
  const isHere = ({place}: Target): boolean => place === null || place.region === region
  const targets = selection.targets.filter(isHere)
  const logGroups = selection.logGroups.filter(isHere)
  const asks = (all: readonly Target[]): boolean => all.some(({not}) => !not)
  const asked = asks(selection.targets) || asks(selection.logGroups)
  return asked && !asks(targets) && !asks(logGroups) ? null : {...selection, targets, logGroups}
}

function checkPlaces(all: readonly Aws[], {targets, logGroups}: Selection): void {
  const regions = new Set(all.map(({scope}) => scope.region))
  for (const {text, place} of [...targets, ...logGroups])
    if (place && !regions.has(place.region))
      throw usageError(`${text} is in ${place.region}, which is not among the regions`, `add --region ${place.region}`)
}

/** What a region is called where there are several, and a profile tells accounts apart. */
export const regionLabel = ({scope: {profile, region}}: Aws): string =>
  profile === null ? region : `${profile}/${region}`

const isNoMatch = (error: unknown): error is UserError => error instanceof UserError && error.code === 'NoMatch'

/** A region of which nothing could be had. */
export function regionGap(aws: Aws, error: unknown): Gap {
  const {account, region} = aws.scope
  const detail = firstLine(error instanceof Error ? error.message : String(error))
  const reason = error instanceof UserError && error.exitCode === ExitCode.refused ? 'denied' : 'failed'
  return {what: `everything in ${regionLabel(aws)}`, account, region, reason, detail}
}

/** Of several errors that ended all there was: one of AWS's or ours goes before a mere miss. */
function worst(errors: readonly unknown[]): unknown {
  return errors[0] ?? usageError('nothing was asked of any region', 'check --region')
}
