import {GetAliasCommand} from '@aws-sdk/client-lambda'
import {ListSchedulesCommand, SchedulerClient} from '@aws-sdk/client-scheduler'
import {type WatchedAws, watchAws} from './watched-aws.ts'

/** Functions of the company whose next version is published and not served; what moves from where to where. */
export const moving: Readonly<Record<string, {readonly from: string; readonly to: string}>> = {
  'cart-api': {from: '62', to: '63'},
  search: {from: '9', to: '10'},
}
export const names = Object.keys(moving)

/** An AWS with those functions, and what can be seen there by others. */
export type ShiftedAws = WatchedAws & {
  /** an alias as AWS tells it, with its revision */
  alias(name: string): Promise<{readonly serves: string; readonly description: string; readonly revisionId: string}>
  /** what all of them serve, with what they are described as: one line each */
  served(): Promise<string>
  schedules(): Promise<readonly string[]>
}

export async function shiftedAws(): Promise<ShiftedAws> {
  const aws = await watchAws()
  const {close} = aws
  const scheduler = new SchedulerClient({
    region: 'eu-west-1',
    endpoint: aws.url,
    credentials: {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'},
  })
  const alias: ShiftedAws['alias'] = async name => {
    const found = await aws.lambda.send(new GetAliasCommand({FunctionName: name, Name: 'live'}))
    const {FunctionVersion, RoutingConfig, Description = '', RevisionId = ''} = found
    const others = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {})
    const serves = [FunctionVersion, ...others.map(([version, weight]) => `${weight} of ${version}`)].join(' and ')
    return {serves, description: Description, revisionId: RevisionId}
  }
  return Object.assign(aws, {
    alias,
    async served() {
      const lines = names.map(async name => {
        const {serves, description} = await alias(name)
        return `${name} ${serves}: ${description}`
      })
      return (await Promise.all(lines)).join('\n')
    },
    async schedules() {
      const {Schedules = []} = await scheduler.send(new ListSchedulesCommand({NamePrefix: 'slsops-'}))
      return Schedules.map(({Name = ''}) => Name)
    },
    async close() {
      scheduler.destroy()
      await close()
    },
  })
}
