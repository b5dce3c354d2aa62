import type {Aws} from '../../aws/connect.ts'
import {metricCost} from '../metric-batches.ts'
import {type PlannedStep, stepsIn} from '../scan-plan.ts'
import type {JudgedWindow} from './judge.ts'
import {metricsEach} from './measure-usage.ts'

type Planned = {
  readonly aws: Aws
  readonly account: string | null
  readonly functions: number
  /** those whose invocations are read */
  readonly measured: number
  /** those of which nothing tells yet that they ran */
  readonly maybeIdle: number
  /** those whose versions are looked at although they are in use */
  readonly looksAtAll: boolean
  readonly window: JudgedWindow
  readonly periodSeconds: number
}

/** What verdicts on the functions of a region take at most, cheap calls first. */
export function unusedSteps(planned: Planned): readonly PlannedStep[] {
  const {aws, account, functions, measured, maybeIdle, looksAtAll, window, periodSeconds} = planned
  if (functions === 0) return []
  const metrics = metricCost(measured * metricsEach, periodSeconds, window, window.now)
  const {step, pages} = stepsIn(aws, account)
  const idle = (what: string, api: string): PlannedStep => step(`${what} of idle functions`, api, maybeIdle)
  const versions = looksAtAll ? functions : maybeIdle
  return [
    step('invocations and throttles', 'GetMetricData', metrics.calls, metrics.costUSD),
    pages('event sources', 'ListEventSourceMappings', functions),
    pages('schedules', 'ListSchedules', functions),
    pages('log groups', 'DescribeLogGroups', functions),
    step('code storage', 'GetAccountSettings', 1),
    idle('state', 'GetFunction'),
    idle('policies', 'GetPolicy'),
    idle('URLs', 'ListFunctionUrlConfigs'),
    idle('rules', 'ListRuleNamesByTarget'),
    idle('last log events', 'DescribeLogStreams'),
    step('versions', 'ListVersionsByFunction', versions),
    step('aliases', 'ListAliases', versions),
    step('provisioned concurrency', 'ListProvisionedConcurrencyConfigs', versions),
  ]
}
