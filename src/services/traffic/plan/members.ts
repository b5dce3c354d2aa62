import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {readProvisioned} from '../../fleet/facts/provisioned.ts'
import type {Traffic} from '../evidence/read-traffic.ts'
import {readTraffic} from '../evidence/read-traffic.ts'
import {evidenceMs} from '../judge/evidence-eta.ts'
import {readCallers, tries} from './callers.ts'
import {compareVersions} from './compare-versions.ts'
import type {FoundAlias} from './find-aliases.ts'
import {type LookOptions, lookAtAlias, type Movable} from './look-at-alias.ts'
import {readManagers} from './managers.ts'
import {throwFirst, unlessUserError, whyNotNow} from './member-refusals.ts'
import type {Member, ShiftWish} from './shift-plan.ts'

export type PlannedMembers = {
  readonly members: readonly Member[]
  /** serve the version already, in words */
  readonly there: readonly string[]
  /** who answers HTTP by them, whose errors are not Lambda's; by the index of the member */
  readonly http: readonly (readonly string[])[]
  readonly notices: readonly string[]
}

type MemberOptions = LookOptions & Pick<ShiftWish, 'judge' | 'gate'>

const dayMs = 86_400_000

/**
 * The members of a shift, each with its versions, what differs between them, its traffic and who else manages it.
 * @throws UserError for what cannot be shifted; of several, the first, and how many more there are
 */
export async function planMembers(
  aws: Aws,
  found: readonly FoundAlias[],
  options: MemberOptions,
  signal: AbortSignal,
): Promise<PlannedMembers> {
  const looked = await Promise.all(found.map(alias => unlessUserError(lookAtAlias(aws, alias, options, signal))))
  throwFirst(looked.flatMap(each => ('error' in each ? each.error : [])))
  const movable = looked.flatMap(each => ('value' in each && each.value.kind === 'movable' ? each.value : []))
  const there = looked.flatMap(each => ('value' in each && each.value.kind === 'there' ? each.value.text : []))
  if (movable.length === 0) return {members: [], there, http: [], notices: []}
  const refs = movable.map(each => each.found)
  const now = aws.clock.now()
  const window = {start: now - dayMs, end: now}
  const [traffic, managed, callers, provisioned] = await Promise.all([
    readTraffic(aws, refs, window, signal),
    readManagers(aws, refs, signal),
    readCallers(aws, refs, signal),
    Promise.all(refs.map(ref => readProvisioned({aws, name: ref.functionName}, signal))),
  ])
  signal.throwIfAborted()
  const notices = new Set<string>()
  const members = movable.map((each, i): Member => {
    const of = <T>(all: readonly Known<T>[]): Known<T> => all[i] ?? {unknown: 'not-read', detail: 'it was not read'}
    const {managers: others, unknown} = managed[i] ?? {managers: [], unknown: null}
    if (unknown !== null) notices.add(`who else manages the aliases is not known: ${unknown.detail}`)
    const whoCalls = callers[i]
    if (whoCalls?.unknown) notices.add(`who calls the aliases is not known: ${whoCalls.unknown}`)
    const repeats = whoCalls?.retries ? tries : 1
    return memberOf(each, {
      traffic: of(traffic),
      managers: others,
      repeats,
      provisioned: provisionedOf(each.found, of(provisioned), notices),
      options,
    })
  })
  throwFirst(members.flatMap(member => whyNotNow(member, options)))
  return {
    members,
    there,
    http: members.map((_, i) => callers[i]?.http ?? []),
    notices: [...notices],
  }
}

function memberOf(
  {found, chosen, from, standing, notes}: Movable,
  known: Pick<Member, 'traffic' | 'managers' | 'repeats' | 'provisioned'> & {readonly options: MemberOptions},
): Member {
  const {functionName, functionArn, alias, state} = found
  const {traffic, managers, repeats, provisioned, options} = known
  const {configuration} = chosen
  return {
    functionName,
    functionArn,
    alias,
    from: standing.from,
    to: chosen.version,
    before: state,
    description: standing.description,
    at: standing.at,
    differences: compareVersions(from, configuration),
    // whichever of both takes longer tells last
    timeoutSeconds: Math.max(from.Timeout ?? 3, configuration.Timeout ?? 3),
    repeats,
    logGroup: configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`,
    traffic,
    provisioned,
    managers,
    evidenceMs: evidenceOf(traffic, repeats, options),
    notes: [...notes, ...notesOn(chosen, provisioned, options)],
  }
}

/** What a version brings with it that a shift does not change, or that changes with it. */
function notesOn(
  {version, configuration}: Movable['chosen'],
  provisioned: Member['provisioned'],
  {firstWeight}: MemberOptions,
): readonly string[] {
  return [
    ...(configuration.DurableConfig
      ? [`durable executions that begin on ${version} stay on it, also when the traffic goes back`]
      : []),
    // Lambda divides it by the weights (configuring-alias-routing), and it cannot be changed while there are any
    ...(provisioned !== null && firstWeight !== null
      ? [
          `both versions share its provisioned concurrency of ${provisioned.count} by their weights: raise it before, where it is used up`,
        ]
      : []),
  ]
}

function evidenceOf(
  traffic: Known<Traffic>,
  repeats: number,
  {gate, judge, firstWeight}: MemberOptions,
): number | null {
  if (gate === 'none' || firstWeight === null || !isKnown(traffic)) return null
  const {perMinute, errorRate} = traffic.value
  return evidenceMs({perMinute, errorRate: errorRate ?? 0}, firstWeight, judge, repeats)
}

function provisionedOf(
  {alias}: FoundAlias,
  known: Awaited<ReturnType<typeof readProvisioned>>,
  notices: Set<string>,
): Member['provisioned'] {
  if (!isKnown(known)) {
    notices.add(`whether the aliases have provisioned concurrency is not known: ${known.detail}`)
    return null
  }
  const config = known.value.find(({qualifier}) => qualifier === alias)
  return config === undefined ? null : {count: config.requested, isReady: config.status === 'READY'}
}
