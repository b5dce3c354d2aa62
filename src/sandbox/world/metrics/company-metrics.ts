// The metrics of a company in one region, put together.
import type {FindFunction} from '../durations.ts'
import type {Environments} from '../environments.ts'
import {type InvokedHistory, nameOf} from '../invoked-history.ts'
import type {LogGroups} from '../log-groups.ts'
import {createMetrics} from '../metrics.ts'
import type {RoutingStep} from '../routing.ts'
import type {SandboxQueue, SandboxRule} from '../sandbox-resources.ts'
import {scaledIndex, scaledName} from '../scale.ts'
import {createConcurrency} from './concurrency.ts'
import {createDurationsByHour} from './durations-by-hour.ts'
import {eventMetrics} from './event-metrics.ts'
import {hourMs} from './hour-cells.ts'
import {createLambdaMetrics, invocationMetrics, type LambdaMetricsOptions} from './lambda-metrics.ts'
import {createLogMetrics} from './log-metrics.ts'
import type {SandboxMetrics} from './metric.ts'
import {createQueueMetrics} from './queue-metrics.ts'
import {createRuleMetrics} from './rule-metrics.ts'
import {thingsInOrder} from './source.ts'

export type CompanyMetricsOptions = {
  readonly invoked: InvokedHistory
  readonly find: FindFunction
  readonly routing: (functionName: string) => readonly RoutingStep[]
  /** names of functions that are not generated, in order */
  readonly names: () => readonly string[]
  readonly askedFor: LambdaMetricsOptions['askedFor']
  /** how many generated functions there are behind them */
  readonly scaled: number
  readonly environments: Environments
  readonly logs: LogGroups
  /** as they stand at a moment, by name */
  readonly queues: (at: number) => readonly SandboxQueue[]
  readonly rules: () => readonly SandboxRule[]
  /** requests at a place in [from, to) that were refused for want of concurrency */
  readonly throttles: (place: string, from: number, to: number) => number
  /** whether a function takes the records of a Kinesis or DynamoDB stream */
  readonly isStreamConsumer: (functionName: string) => boolean
  readonly firstUsedAt: number
  readonly now: () => number
}

export type CompanyMetrics = SandboxMetrics & {
  /** to be called when an alias changes: forgets what was derived from it */
  forget(): void
}

export function createCompanyMetrics(options: CompanyMetricsOptions): CompanyMetrics {
  const {invoked, find, routing, environments, names, scaled, firstUsedAt, now} = options
  const {history, touchesIn} = invoked
  // the same moment as long as the world lives, so that an answer about the past stays as it was
  const sampledBefore = (Math.floor(firstUsedAt / hourMs) - 6) * hourMs
  const isGenerated = (name: string): boolean => scaledIndex(name, scaled) !== null
  const durations = createDurationsByHour({
    history,
    touchesIn,
    executed: invoked.executed,
    find,
    routing,
    sampledBefore: place => (isGenerated(nameOf(place)) ? sampledBefore : Number.NEGATIVE_INFINITY),
  })
  const concurrency = createConcurrency({
    history,
    isCompanys: invoked.isCompanys,
    environments,
    find,
    names,
    sampledBefore,
    isSeldomRun: isGenerated,
  })
  const lambda = createLambdaMetrics({
    history,
    find,
    routing,
    functions: thingsInOrder(names, {
      count: scaled,
      at: scaledName,
      indexOf: name => scaledIndex(name, scaled),
    }),
    ownCount: () => names().length,
    askedFor: options.askedFor,
    metrics: [
      ...invocationMetrics(history, durations, options.throttles),
      ...concurrency.metrics,
      ...eventMetrics({history, touchesIn, isStreamConsumer: options.isStreamConsumer}),
    ],
    now,
  })
  const logMetrics = createLogMetrics({
    logs: options.logs,
    scaledGroups: {
      count: scaled,
      at: index => `${groupPrefix}${scaledName(index)}`,
      indexOf: group => (group.startsWith(groupPrefix) ? scaledIndex(group.slice(groupPrefix.length), scaled) : null),
    },
    sampledBefore,
    now,
  })
  const queueMetrics = createQueueMetrics({queues: options.queues, now})
  const ruleMetrics = createRuleMetrics({history, touchesIn, rules: options.rules, now})
  return {
    ...createMetrics([ruleMetrics, lambda, logMetrics, queueMetrics], now),
    forget() {
      durations.forget()
      concurrency.forget()
      logMetrics.forget()
      queueMetrics.forget()
    },
  }
}

const groupPrefix = '/aws/lambda/'
