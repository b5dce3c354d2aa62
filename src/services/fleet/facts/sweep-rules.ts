import type {Rule as ListedRule} from '@aws-sdk/client-eventbridge'
import {addToList} from '../../add-to-list.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {stopSignal} from '../../stop-signal.ts'
import {explainedFailure} from '../../targets/refusal.ts'
import type {Rule} from '../facts.ts'
import {unqualified} from './arns.ts'

/** with more rules than this, it is taken that asking by target is not dearer; a bus has 300 where nobody asked for more */
const mostRules = 2_000

export const defaultBus = 'default'

/** Names the bus in a call, where it is not the default one. */
export const ofBus = (bus: string): {readonly EventBusName?: string} => (bus === defaultBus ? {} : {EventBusName: bus})

/** A rule as EventBridge lists and describes it. */
export const ruleOf = (bus: string, {Name = '', State, ScheduleExpression}: ListedRule): Rule => ({
  kind: 'rule',
  name: bus === defaultBus ? Name : `${bus}/${Name}`,
  // there is more than one word for enabled
  isEnabled: State !== 'DISABLED',
  schedule: ScheduleExpression || null,
  timezone: null,
})

/**
 * All rules of these buses by the ARNs of what they start, without alias or version: a call for each rule, which of many functions is less than one for
 * each of those. Null where they are too many, or AWS would not tell all of it: what is not there would look like nothing.
 */
export async function sweepRules(
  aws: Aws,
  buses: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Rule[]> | null> {
  const {stopped, stop} = stopSignal(signal)
  try {
    const listed: {readonly bus: string; readonly name: string; readonly rule: Rule}[] = []
    for (const bus of buses) {
      for await (const page of rulePages(aws, bus, signal)) {
        for (const rule of page) listed.push({bus, name: rule.Name ?? '', rule: ruleOf(bus, rule)})
        if (listed.length > mostRules) return null
      }
    }
    const targets = await Promise.all(listed.map(({bus, name}) => targetsOf(aws, bus, name, stopped)))
    const byTarget = new Map<string, Rule[]>()
    listed.forEach(({rule}, at) => {
      for (const arn of new Set(Array.from(targets[at] ?? [], unqualified))) addToList(byTarget, arn, rule)
    })
    return byTarget
  } catch (error) {
    if (!signal.aborted) explainedFailure(error, {doing: 'list rules', permission: 'events:ListRules'})
    return null
  } finally {
    // what is refused of one rule may be refused of all
    stop()
  }
}

async function* rulePages(aws: Aws, bus: string, signal: AbortSignal): AsyncGenerator<readonly ListedRule[]> {
  const client = await aws.eventBridge()
  const {ListRulesCommand} = sdk.eventBridge()
  yield* paged(async NextToken => {
    const command = new ListRulesCommand({...ofBus(bus), Limit: 100, NextToken})
    const page = await ask(aws, 'ListRules', options => client.send(command, options), signal)
    return {items: page.Rules, next: page.NextToken}
  })
}

async function targetsOf(aws: Aws, bus: string, name: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const client = await aws.eventBridge()
  const {ListTargetsByRuleCommand} = sdk.eventBridge()
  const pages = paged(async NextToken => {
    const command = new ListTargetsByRuleCommand({Rule: name, ...ofBus(bus), NextToken})
    const page = await ask(aws, 'ListTargetsByRule', options => client.send(command, options), signal)
    return {items: page.Targets, next: page.NextToken}
  })
  try {
    return new Set((await Array.fromAsync(pages)).flat().flatMap(({Arn}) => Arn || []))
  } catch (error) {
    // deleted since it was listed
    if (isMissing(error)) return new Set()
    throw error
  }
}
