import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import type {Context} from '../context.ts'
import {functionArn, resolveFunction} from './function-name.ts'
import {lambdaPage} from './pages.ts'

/** What goes on after the invocation that began it. */
export const durableExecutions: Pick<Handlers<typeof lambdaSdk, Context>, 'ListDurableExecutionsByFunction'> = {
  ListDurableExecutionsByFunction: (input, context) => {
    const {Statuses, DurableExecutionName = '', StartedAfter, StartedBefore} = input
    const {fn, version, qualifier} = resolveFunction(context, input.FunctionName, input.Qualifier)
    const now = context.world.now()
    const statusOf = ({endsAt}: {readonly endsAt: number}) => (endsAt > now ? 'RUNNING' : 'SUCCEEDED')
    const found = context.world
      .durableExecutions(fn.name)
      .filter(
        each =>
          (qualifier === undefined || each.version === version.version) &&
          (Statuses === undefined || Statuses.length === 0 || Statuses.includes(statusOf(each))) &&
          each.name.includes(DurableExecutionName) &&
          (StartedAfter === undefined || each.startedAt > StartedAfter.getTime()) &&
          (StartedBefore === undefined || each.startedAt < StartedBefore.getTime()),
      )
    const ordered = input.ReverseOrder ? found.toReversed() : found
    const page = lambdaPage(ordered, ({id}) => id, {...input, MaxItems: input.MaxItems || 100}, 1000)
    return {
      DurableExecutions: page.items.map(each => ({
        DurableExecutionArn: `${functionArn(context, fn.name, each.version)}/durable-execution/${each.name}/${each.id}`,
        DurableExecutionName: each.name,
        FunctionArn: functionArn(context, fn.name, each.version),
        Status: statusOf(each),
        StartTimestamp: new Date(each.startedAt),
        ...(each.endsAt <= now && {EndTimestamp: new Date(each.endsAt)}),
      })),
      NextMarker: page.next,
    }
  },
}
