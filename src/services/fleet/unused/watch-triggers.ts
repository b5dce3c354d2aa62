import {derived, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {accountOf} from '../../targets/place.ts'
import {isQueue} from '../facts/arns.ts'
import type {EventSource, Facts, QueueState, Rule} from '../facts.ts'
import {type MetricQuery, type MetricSeries, readMetricsOrWhyNot, sumOf} from '../metric-reader.ts'
import {interrupted} from '../why-unknown.ts'
import type {WatchedQueue, WatchedRule, WatchedSource} from './evidence.ts'
import type {JudgedWindow} from './judge.ts'
import {usagePeriodSeconds} from './measure-usage.ts'

const hourMs = 3_600_000
/** a queue that nobody uses stops reporting after six hours (CloudWatch metrics for SQS) */
const ageWindowMs = 6 * hourMs

/** What queues and rules had to do in the window, by ARN and by name. */
export type Watched = {
  sourcesOf(sources: readonly EventSource[]): readonly WatchedSource[]
  rulesOf(rules: readonly Rule[]): readonly WatchedRule[]
}

/**
 * Looks at the queues that event sources poll, and at how often rules with a pattern were matched.
 * @param account that the functions are in: another one's queues report to its own metrics
 */
export async function watchTriggers(
  {aws, facts, account}: {readonly aws: Aws; readonly facts: Facts; readonly account: string | null},
  {sources, rules}: {readonly sources: readonly EventSource[]; readonly rules: readonly Rule[]},
  {start, end, now}: JudgedWindow,
  signal: AbortSignal,
): Promise<Watched> {
  const arns = [...new Set(sources.flatMap(({sourceArn}) => (isQueue(sourceArn) ? sourceArn : [])))]
  const own = arns.filter(arn => account === null || accountOf(arn) === account)
  const names = [
    ...new Set(rules.flatMap(({schedule, isEnabled, name}) => (schedule === null && isEnabled ? name : []))),
  ]
  // as short as those of invocations: what came before the window, or after it, is no work that nobody did
  const periodSeconds = usagePeriodSeconds({start, end}, own.length + names.length)
  const [states, sent, ages, matched] = await Promise.all([
    Promise.all(arns.map(arn => facts.queue(arn))),
    read(
      own.map(arn => queueQuery(arn, 'NumberOfMessagesSent', 'Sum', periodSeconds)),
      start,
      end,
    ),
    read(
      own.map(arn => queueQuery(arn, 'ApproximateAgeOfOldestMessage', 'Maximum', 300)),
      now - ageWindowMs,
      now,
    ),
    read(
      names.map(name => ruleQuery(name, periodSeconds)),
      start,
      end,
    ),
  ])
  const queues = new Map(
    arns.map((arn, i): [string, WatchedQueue] => {
      const at = own.indexOf(arn)
      return [arn, queueOf(states[i] ?? interrupted, sent[at] ?? ofOthers, ages[at] ?? ofOthers)]
    }),
  )
  const matches = new Map(names.map((name, i) => [name, total(matched[i] ?? interrupted)]))
  return {
    sourcesOf: all => all.map(source => ({source, queue: queues.get(source.sourceArn ?? '') ?? null})),
    rulesOf: all => all.map(rule => ({rule, matched: matches.get(rule.name) ?? null})),
  }

  async function read(
    queries: readonly MetricQuery[],
    from: number,
    to: number,
  ): Promise<readonly Known<MetricSeries>[]> {
    return queries.length === 0 ? [] : readMetricsOrWhyNot(aws, queries, {start: from, end: to}, signal)
  }
}

const ofOthers: Unknown = {unknown: 'missing', detail: 'a queue of another account reports to metrics of its own'}

function queueQuery(arn: string, metricName: string, statistic: string, periodSeconds: number): MetricQuery {
  const QueueName = arn.split(':').at(-1) ?? ''
  return {namespace: 'AWS/SQS', metricName, dimensions: {QueueName}, statistic, periodSeconds}
}

/**
 * Rules of the default bus are measured by their name, those of others by the bus too (EventBridge's metrics). A rule's name
 * has no slash, a bus's may.
 * @param name as {@link Rule} has it: `bus/rule` where the bus is not the default one
 */
function ruleQuery(name: string, periodSeconds: number): MetricQuery {
  const at = name.lastIndexOf('/')
  return {
    namespace: 'AWS/Events',
    metricName: 'TriggeredRules',
    dimensions: {...(at >= 0 && {EventBusName: name.slice(0, at)}), RuleName: name.slice(at + 1)},
    statistic: 'Sum',
    periodSeconds,
  }
}

const total = (series: Known<MetricSeries>): Known<number> => derived(series, sumOf)

function queueOf(state: Known<QueueState | null>, sent: Known<MetricSeries>, ages: Known<MetricSeries>): WatchedQueue {
  return {
    state,
    sent: total(sent),
    oldestAgeSeconds: derived(ages, ({values}) => values.at(-1) ?? null),
  }
}
