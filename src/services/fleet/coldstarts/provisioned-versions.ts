import {isKnown, type Known} from '../../../known.ts'
import {atATime} from '../../at-a-time.ts'
import type {Facts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'

/** each costs a call or two of the 15 a second that Lambda's control plane allows */
const mostFunctions = 200
const mostAtATime = 10

/**
 * The versions of functions that have provisioned concurrency now, by themselves or through an alias.
 * @param candidates those whose inits look as if nobody had waited for them, the most of them first
 */
export async function provisionedVersions(
  facts: (fn: FleetFunction) => Pick<Facts, 'provisioned' | 'versions'>,
  candidates: readonly FleetFunction[],
  signal: AbortSignal,
): Promise<ReadonlyMap<FleetFunction, Known<ReadonlySet<string>>>> {
  const answers = new Map<FleetFunction, Known<ReadonlySet<string>>>()
  await atATime(mostAtATime, candidates.slice(0, mostFunctions), async fn => {
    if (!signal.aborted) answers.set(fn, await versionsOf(facts(fn), fn))
  })
  for (const fn of candidates.slice(mostFunctions))
    answers.set(fn, {unknown: 'not-read', detail: `of more than ${mostFunctions} functions it was not asked`})
  return answers
}

async function versionsOf(
  facts: Pick<Facts, 'provisioned' | 'versions'>,
  fn: FleetFunction,
): Promise<Known<ReadonlySet<string>>> {
  const provisioned = await facts.provisioned(fn)
  if (!isKnown(provisioned)) return provisioned
  const qualifiers = provisioned.value.map(({qualifier}) => qualifier)
  if (qualifiers.every(isVersion)) return {value: new Set(qualifiers)}
  const versions = await facts.versions(fn)
  if (!isKnown(versions)) return versions
  const led = versions.value.filter(({aliases}) => aliases.some(alias => qualifiers.includes(alias)))
  return {value: new Set([...qualifiers.filter(isVersion), ...led.map(({version}) => version)])}
}

const isVersion = (qualifier: string): boolean => /^\d+$/.test(qualifier)
