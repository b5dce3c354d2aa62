import type {Edge, Service} from '@aws-sdk/client-xray'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {type Account, accountId, awsOf} from '../targets/account.ts'

type Counts = {
  readonly calls: number
  readonly errors?: number
  readonly throttles?: number
  readonly faults?: number
  /** seconds → how often */
  readonly times?: Readonly<Record<string, number>>
}

const histogram = (times: Readonly<Record<string, number>>) =>
  Object.entries(times).map(([Value, Count]) => ({Value: Number(Value), Count}))

const statistics = ({calls, errors = 0, throttles = 0, faults = 0}: Counts) => ({
  OkCount: calls - errors - faults,
  ErrorStatistics: {ThrottleCount: throttles, OtherCount: errors - throttles, TotalCount: errors},
  FaultStatistics: {OtherCount: faults, TotalCount: faults},
  TotalCount: calls,
})

type EdgeShape = Partial<Counts> & {readonly ages?: Readonly<Record<string, number>>}

/** An edge as GetServiceGraph gives it; with ages it is a link. */
export function edgeTo(id: number, {ages, calls, times = {}, ...counts}: EdgeShape = {}): Edge {
  return {
    ReferenceId: id,
    ...(calls !== undefined && {SummaryStatistics: statistics({calls, ...counts})}),
    ...(ages
      ? {EdgeType: 'link', ReceivedEventAgeHistogram: histogram(ages)}
      : {ResponseTimeHistogram: histogram(times)}),
  }
}

/** A service as GetServiceGraph gives it. */
export function service(
  id: number,
  name: string,
  type: string,
  counts: Counts | null,
  edges: readonly Edge[] = [],
  more: Partial<Service> = {},
): Service {
  return {
    ReferenceId: id,
    Name: name,
    Type: type,
    AccountId: accountId,
    Root: false,
    Edges: [...edges],
    ...(counts && {SummaryStatistics: statistics(counts), ResponseTimeHistogram: histogram(counts.times ?? {})}),
    ...more,
  }
}

export const client = (id: number, edges: readonly Edge[]): Service => ({
  ReferenceId: id,
  Name: 'whatever it calls',
  Type: 'client',
  Edges: [...edges],
})

type Asked = {readonly start: number; readonly end: number; readonly page: number}

export type Graphs = {
  /** pages of the answer for a window */
  readonly pages: (window: {start: number; end: number}) => readonly (readonly Service[])[]
  readonly destination?: 'XRay' | 'CloudWatchLogs'
  readonly denied?: boolean
  readonly fails?: (window: {start: number; end: number}) => boolean
}

/** A region as `Aws` whose X-Ray has these graphs, and what it was asked. */
export function awsWithGraphs(
  {pages, destination = 'XRay', denied = false, fails = () => false}: Graphs,
  {
    region = 'eu-west-1',
    profile = null,
    account = {},
  }: {region?: string; profile?: string | null; account?: Account} = {},
): {aws: Aws; asked: Asked[]} {
  const asked: Asked[] = []
  const xray = {
    async send(command: {input: {StartTime: Date; EndTime: Date; NextToken?: string}}) {
      if (command.constructor.name === 'GetTraceSegmentDestinationCommand')
        return {Destination: destination, Status: 'ACTIVE'}
      if (command.constructor.name === 'GetIndexingRulesCommand')
        return {IndexingRules: [{Name: 'Default', Rule: {Probabilistic: {DesiredSamplingPercentage: 5}}}]}
      const {StartTime, EndTime, NextToken} = command.input
      const window = {start: StartTime.getTime(), end: EndTime.getTime()}
      const page = Number(NextToken ?? 0)
      asked.push({...window, page})
      if (denied)
        throw awsError('AccessDeniedException', 'User: me is not authorized to perform: xray:GetServiceGraph', 403)
      if (fails(window)) throw awsError('InvalidRequestException', 'no', 400)
      const all = pages(window)
      return {Services: all[page] ?? [], ...(page + 1 < all.length && {NextToken: String(page + 1)})}
    },
  }
  const {aws} = awsOf(account)
  const total = () => ({calls: asked.length, throttles: 0, retries: 0})
  return {
    aws: {
      ...aws,
      scope: {...aws.scope, region, profile},
      budget: {...aws.budget, total},
      xray: async () => xray,
    } as unknown as Aws,
    asked,
  }
}
