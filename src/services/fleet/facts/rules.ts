import type {Known} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing, isUnknownOperation} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import type {Rule} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'
import {qualifiedArn} from './arns.ts'
import {defaultBus, ofBus, ruleOf, sweepRules} from './sweep-rules.ts'

/** after so many targets it is taken for a scan, in which listing the rules themselves takes fewer calls */
const oneByOne = 100

/** Reads rules by their target, each rule once however many functions it starts. */
export type RuleReader = {
  /**
   * The rules of every event bus that start the function, or one of these aliases and versions: a call for each of them and
   * bus; of many functions, no more than a call for each rule, which tells of all aliases and versions.
   */
  rulesOf(fn: FleetFunction, qualifiers: readonly string[]): Promise<Known<readonly Rule[]>>
}

/** The rules of a region. */
export function openRules(aws: Aws, signal: AbortSignal): RuleReader {
  let targets = 0
  let buses: Promise<Known<readonly string[]>> | null = null
  let sweep: ReturnType<typeof sweepRules> | null = null
  const described = new Map<string, Promise<Known<Rule | null>>>()

  const ruleNamed = (bus: string, name: string): Promise<Known<Rule | null>> => {
    const key = `${bus}\n${name}`
    const reading = described.get(key) ?? describeRule(aws, bus, name, signal)
    described.set(key, reading)
    return reading
  }

  const onBus = async (bus: string, arns: readonly string[]): Promise<Known<readonly Rule[]>> => {
    const names = new Set<string>()
    for (const arn of arns) {
      const some = await ruleNames(aws, bus, arn, signal)
      if ('unknown' in some) return some
      for (const name of some.value) names.add(name)
    }
    const rules: Rule[] = []
    for (const rule of await Promise.all([...names].map(name => ruleNamed(bus, name)))) {
      if ('unknown' in rule) return rule
      if (rule.value !== null) rules.push(rule.value)
    }
    return {value: rules}
  }

  return {
    async rulesOf({arn}, qualifiers) {
      buses ??= eventBuses(aws, signal)
      const all = await buses
      if ('unknown' in all) return all
      const arns = [null, ...qualifiers].map(qualifier => qualifiedArn(arn, qualifier))
      targets += arns.length
      if (targets > oneByOne) {
        sweep ??= sweepRules(aws, all.value, signal)
        const swept = await sweep
        if (swept !== null) return {value: swept.get(arn) ?? []}
      }
      const rules: Rule[] = []
      for (const bus of all.value) {
        const found = await onBus(bus, arns)
        if ('unknown' in found) return found
        rules.push(...found.value)
      }
      return {value: rules}
    },
  }
}

/** Names of the event buses. A server that cannot list them has the default one. */
function eventBuses(aws: Aws, signal: AbortSignal): Promise<Known<readonly string[]>> {
  return known({doing: 'list event buses', permission: 'events:ListEventBuses'}, signal, async () => {
    const client = await aws.eventBridge()
    const {ListEventBusesCommand} = sdk.eventBridge()
    const pages = paged(async NextToken => {
      const command = new ListEventBusesCommand({NextToken})
      const page = await ask(aws, 'ListEventBuses', options => client.send(command, options), signal)
      return {items: page.EventBuses, next: page.NextToken}
    })
    try {
      const names = (await Array.fromAsync(pages)).flat().flatMap(({Name}) => Name || [])
      return [...new Set([defaultBus, ...names])]
    } catch (error) {
      if (isUnknownOperation(error)) return [defaultBus]
      throw error
    }
  })
}

function ruleNames(aws: Aws, bus: string, arn: string, signal: AbortSignal): Promise<Known<readonly string[]>> {
  return known({doing: 'list rules', permission: 'events:ListRuleNamesByTarget'}, signal, async () => {
    const client = await aws.eventBridge()
    const {ListRuleNamesByTargetCommand} = sdk.eventBridge()
    const pages = paged(async NextToken => {
      const command = new ListRuleNamesByTargetCommand({TargetArn: arn, ...ofBus(bus), NextToken})
      const page = await ask(aws, 'ListRuleNamesByTarget', options => client.send(command, options), signal)
      return {items: page.RuleNames, next: page.NextToken}
    })
    return (await Array.fromAsync(pages)).flat()
  })
}

function describeRule(aws: Aws, bus: string, name: string, signal: AbortSignal): Promise<Known<Rule | null>> {
  return known({doing: 'look at a rule', permission: 'events:DescribeRule'}, signal, async () => {
    const client = await aws.eventBridge()
    const {DescribeRuleCommand} = sdk.eventBridge()
    const command = new DescribeRuleCommand({Name: name, ...ofBus(bus)})
    try {
      return ruleOf(bus, {
        ...(await ask(aws, 'DescribeRule', options => client.send(command, options), signal)),
        Name: name,
      })
    } catch (error) {
      // deleted since it was listed
      if (isMissing(error)) return null
      throw error
    }
  })
}
