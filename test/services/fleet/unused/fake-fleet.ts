import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {type FakeAccount, type FakeAccountOptions, type FakeCall, fakeAccount, now} from '../fake-account.ts'

const account = '123456789012'
export const dayMs = 86_400_000

/** A function of the fleet, as far as a test says. */
export type Given = {
  readonly name: string
  readonly invocations?: number
  readonly throttles?: number
  readonly lastModifiedAt?: number
  readonly state?: string
  readonly reserved?: number
  readonly aliases?: readonly string[]
  /** principals by alias; '' for the function itself */
  readonly policy?: Readonly<Record<string, string>>
  readonly queue?: {readonly name: string; readonly state: string; readonly visible: number}
  /** of a rule */
  readonly schedule?: string
}

const arnOf = (name: string): string => `arn:aws:lambda:eu-west-1:${account}:function:${name}`
const missing = (what: string): Error => awsError('ResourceNotFoundException', `${what} does not exist`, 404)

type MetricQuery = {
  readonly Id: string
  readonly MetricStat?: {
    readonly Metric?: {readonly MetricName?: string; readonly Dimensions?: readonly {readonly Value?: string}[]}
  }
}

export const metricsIn = ({input}: FakeCall) =>
  (input['MetricDataQueries'] as readonly MetricQuery[]).map(({Id, MetricStat}) => ({
    id: Id,
    metric: MetricStat?.Metric?.MetricName ?? '',
    name: MetricStat?.Metric?.Dimensions?.[0]?.Value ?? '',
  }))

/** An account with these functions, which answers as AWS would; `answers` go before. */
export function fakeFleet(
  functions: readonly Given[],
  answers: FakeAccountOptions['answers'] = {},
  more: Partial<FakeAccountOptions> = {},
): FakeAccount {
  const byName = new Map(functions.map(fn => [fn.name, fn]))
  const of = ({input}: FakeCall): Given => {
    const fn = byName.get(String(input['FunctionName']).replace(/^arn.*:function:/, ''))
    if (!fn) throw missing('function')
    return fn
  }
  const queues = functions.flatMap(({queue}) => queue ?? [])
  return fakeAccount({
    ...more,
    answers: {
      GetCallerIdentity: () => ({Account: account}),
      GetAccountSettings: () => ({
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          ConcurrentExecutions: 1_000,
          UnreservedConcurrentExecutions: 1_000,
        },
        AccountUsage: {TotalCodeSize: 1_000, FunctionCount: functions.length},
      }),
      ListFunctions: ({input}) => {
        const from = Number(input['Marker'] ?? 0)
        return {
          Functions: functions.slice(from, from + 50).map(({name, lastModifiedAt = now - 400 * dayMs}) => ({
            FunctionName: name,
            FunctionArn: arnOf(name),
            Runtime: 'nodejs24.x',
            PackageType: 'Zip',
            Architectures: ['x86_64'],
            MemorySize: 512,
            Timeout: 30,
            CodeSize: 1_000,
            RevisionId: `of ${name}`,
            LastModified: new Date(lastModifiedAt).toISOString(),
            LoggingConfig: {LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`},
          })),
          ...(from + 50 < functions.length && {NextMarker: String(from + 50)}),
        }
      },
      ListMetrics: () => ({
        Metrics: functions
          .filter(({invocations = 0}) => invocations > 0)
          .map(({name}) => ({
            Namespace: 'AWS/Lambda',
            MetricName: 'Invocations',
            Dimensions: [{Name: 'FunctionName', Value: name}],
          })),
      }),
      GetMetricData: call => ({
        MetricDataResults: metricsIn(call).map(({id, metric, name}) => {
          const {invocations = 0, throttles = 0} = byName.get(name) ?? {}
          const value = metric === 'Invocations' ? invocations : metric === 'Throttles' ? throttles : 0
          return value === 0
            ? {Id: id, Timestamps: [], Values: [], StatusCode: 'Complete'}
            : {Id: id, Timestamps: [new Date(now - 3_600_000)], Values: [value], StatusCode: 'Complete'}
        }),
      }),
      ListEventSourceMappings: () => ({
        EventSourceMappings: functions.flatMap(({name, queue}) =>
          queue === undefined
            ? []
            : [
                {
                  UUID: name,
                  FunctionArn: arnOf(name),
                  EventSourceArn: `arn:aws:sqs:eu-west-1:${account}:${queue.name}`,
                  State: queue.state,
                },
              ],
        ),
      }),
      ListSchedules: () => ({Schedules: []}),
      DescribeLogGroups: () => ({logGroups: []}),
      DescribeLogStreams: () => {
        throw missing('log group')
      },
      GetFunction: call => {
        const {state = 'Active', reserved} = of(call)
        return {
          Configuration: {State: state},
          ...(reserved !== undefined && {Concurrency: {ReservedConcurrentExecutions: reserved}}),
        }
      },
      GetPolicy: call => {
        const principal = of(call).policy?.[String(call.input['Qualifier'] ?? '')]
        if (principal === undefined) throw missing('policy')
        return {
          Policy: JSON.stringify({
            Statement: [
              {Effect: 'Allow', Action: 'lambda:InvokeFunction', Principal: {Service: principal}, Resource: '*'},
            ],
          }),
        }
      },
      ListFunctionUrlConfigs: () => ({FunctionUrlConfigs: []}),
      ListEventBuses: () => ({EventBuses: [{Name: 'default'}]}),
      ListRuleNamesByTarget: ({input}) => ({
        RuleNames: functions
          .filter(fn => fn.schedule && input['TargetArn'] === arnOf(fn.name))
          .map(({name}) => `of-${name}`),
      }),
      DescribeRule: ({input}) => ({
        Name: input['Name'],
        State: 'ENABLED',
        ScheduleExpression: byName.get(String(input['Name']).slice('of-'.length))?.schedule,
      }),
      ListProvisionedConcurrencyConfigs: () => ({ProvisionedConcurrencyConfigs: []}),
      ListVersionsByFunction: () => ({
        Versions: [
          {Version: '$LATEST', MemorySize: 512, CodeSize: 1_000},
          {Version: '1', CodeSize: 1_000},
        ],
      }),
      ListAliases: call => ({Aliases: (of(call).aliases ?? []).map(Name => ({Name, FunctionVersion: '1'}))}),
      GetQueueUrl: ({input}) => ({QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${account}/${input['QueueName']}`}),
      GetQueueAttributes: ({input}) => {
        const queue = queues.find(({name}) => String(input['QueueUrl']).endsWith(`/${name}`))
        return {
          Attributes: {
            ApproximateNumberOfMessages: String(queue?.visible ?? 0),
            ApproximateNumberOfMessagesNotVisible: '0',
            ApproximateNumberOfMessagesDelayed: '0',
          },
        }
      },
      ...answers,
    },
  })
}
