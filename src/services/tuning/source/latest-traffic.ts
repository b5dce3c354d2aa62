import {ExitCode, UserError, usageError} from '../../../errors.ts'
import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {readEventSources} from '../../fleet/facts/event-sources.ts'
import {edgeReplicator} from '../../fleet/facts/parse-policy.ts'
import {readPolicy} from '../../fleet/facts/policy.ts'
import {openRules} from '../../fleet/facts/rules.ts'
import {readSchedules} from '../../fleet/facts/schedules.ts'
import {readUrls} from '../../fleet/facts/urls.ts'
import type {FleetFunction} from '../../fleet/fleet-function.ts'
import {readMetricsOrWhyNot, sumOf} from '../../fleet/metric-reader.ts'
import {interrupted, known} from '../../fleet/why-unknown.ts'
import {readAliases} from '../../targets/read-functions.ts'

const minutesLookedAt = 15
const shownOfEach = 3

/**
 * Refuses to change `$LATEST` of a function that is invoked by it: those invocations would run with the sizes that are tried.
 * @throws UserError (exit 2) with what was found; (exit 4) where something that would tell may not be read; the signal's reason
 */
export async function refuseLiveLatest(aws: Aws, fn: FleetFunction, signal: AbortSignal): Promise<void> {
  const looks = await Promise.all(evidence(aws, fn, signal))
  signal.throwIfAborted()
  const found = looks.flatMap(look => (isKnown(look) ? look.value : []))
  if (found.length > 0)
    throw usageError(
      `$LATEST of ${fn.name} has traffic of its own, and --mode versions would change its memory for some seconds: ${found.join('; ')}`,
      'use --mode shadow, which changes a clone only, or add --allow-latest',
    )
  const gaps = looks.flatMap(look => (isKnown(look) ? [] : look))
  if (gaps.length === 0) return
  const isDenied = gaps.some(({unknown}) => unknown === 'denied')
  throw new UserError(
    `whether $LATEST of ${fn.name} has traffic of its own cannot be told: ${[...new Set(gaps.map(({detail}) => detail))].join('; ')}`,
    {
      code: isDenied ? 'AccessDenied' : 'TrafficUnknown',
      exitCode: isDenied ? ExitCode.refused : ExitCode.failed,
      hint: '--mode shadow and --mode observe need none of it; --allow-latest does without',
    },
  )
}

/** Everything that may show that the unqualified function is invoked, each in words; what is for an alias or version is none. */
function evidence(aws: Aws, fn: FleetFunction, signal: AbortSignal): readonly Promise<Known<readonly string[]>>[] {
  return [
    invocations(aws, fn, signal),
    sources(aws, fn, signal),
    urls(fn, signal),
    rules(aws, fn, signal),
    schedules(aws, fn, signal),
    grants(fn, signal),
    aliases(aws, fn, signal),
  ]
}

async function invocations(aws: Aws, {name}: FleetFunction, signal: AbortSignal): Promise<Known<readonly string[]>> {
  const end = aws.clock.now()
  // calls that name no version are counted under the function's own name, others under theirs
  const queries = [name, `${name}:$LATEST`].map(resource => ({
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: {FunctionName: name, Resource: resource},
    statistic: 'Sum',
    periodSeconds: 60,
  }))
  const window = {start: end - minutesLookedAt * 60_000, end}
  const answers = await readMetricsOrWhyNot(aws, queries, window, signal)
  let sum = 0
  for (const answer of answers) {
    if (!isKnown(answer)) return answer
    sum += sumOf(answer.value)
  }
  if (answers.length === 0) return interrupted
  const counted = sum === 1 ? '1 invocation' : `${sum.toLocaleString('en')} invocations`
  return {value: sum > 0 ? [`${counted} in the last ${minutesLookedAt} minutes`] : []}
}

async function sources(aws: Aws, {name}: FleetFunction, signal: AbortSignal): Promise<Known<readonly string[]>> {
  return told(await readEventSources(aws, signal), all =>
    (all.get(name) ?? [])
      .filter(({qualifier, state}) => qualifier === null && state !== 'Disabled')
      .map(({sourceArn, uuid}) => `event source ${sourceArn ?? uuid}`),
  )
}

async function urls(fn: FleetFunction, signal: AbortSignal): Promise<Known<readonly string[]>> {
  return told(await readUrls(fn, signal), all =>
    all.filter(({qualifier}) => qualifier === null).map(({authType}) => `its function URL (${authType})`),
  )
}

async function rules(aws: Aws, fn: FleetFunction, signal: AbortSignal): Promise<Known<readonly string[]>> {
  return told(await openRules(aws, signal).rulesOf(fn, []), all =>
    all.filter(({isEnabled}) => isEnabled).map(({name}) => `rule ${name}`),
  )
}

/** Of a schedule nobody says here whether it starts an alias: it counts. */
async function schedules(aws: Aws, {name}: FleetFunction, signal: AbortSignal): Promise<Known<readonly string[]>> {
  const now = aws.clock.now()
  return told(await readSchedules(aws, signal), all =>
    (all.get(name) ?? [])
      .filter(({isEnabled, activeUntil = now}) => isEnabled && activeUntil >= now)
      .map(schedule => `schedule ${schedule.name}`),
  )
}

async function grants(fn: FleetFunction, signal: AbortSignal): Promise<Known<readonly string[]>> {
  return told(await readPolicy(fn, [], signal), all =>
    all
      .filter(({principal}) => principal !== edgeReplicator)
      .map(({principal, sourceArn}) => `a grant to ${sourceArn ?? principal}`),
  )
}

async function aliases(aws: Aws, {name}: FleetFunction, signal: AbortSignal): Promise<Known<readonly string[]>> {
  const asked = {doing: 'list aliases', permission: 'lambda:ListAliases'}
  return told(await known(asked, signal, () => readAliases(aws, name, signal)), all =>
    all
      .filter(({FunctionVersion}) => FunctionVersion === '$LATEST')
      .map(({Name}) => `alias ${Name ?? ''}, which stands for $LATEST`),
  )
}

/** The first few in words, and how many more there are. */
function told<T>(read: Known<T>, words: (value: T) => readonly string[]): Known<readonly string[]> {
  if (!isKnown(read)) return read
  const all = [...new Set(words(read.value))]
  const more = all.length - shownOfEach
  return {value: more > 0 ? [...all.slice(0, shownOfEach), `and ${more} more of that kind`] : all}
}
