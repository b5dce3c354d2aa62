// AWS/Events: what the rules of the default bus started.
import type {History, Touch} from '../history.ts'
import type {SandboxRule} from '../sandbox-resources.ts'
import {type MetricSource, thingsInOrder} from './source.ts'
import {report} from './statistics.ts'

/** Every invocation reaches its target here: none fails. */
const names: readonly string[] = ['Invocations', 'TriggeredRules']

export type RuleMetricsOptions = {
  readonly history: History
  readonly touchesIn: (place: string) => readonly Touch[]
  readonly rules: () => readonly SandboxRule[]
  readonly now: () => number
}

export function createRuleMetrics({history, touchesIn, rules, now}: RuleMetricsOptions): MetricSource {
  function touchesOf(rule: SandboxRule): readonly Touch[] {
    if (rule.state === 'DISABLED') return []
    const functions = rule.targetArns.flatMap(arn => /:function:([^:]+)/.exec(arn)?.[1] ?? [])
    return functions
      .flatMap(touchesIn)
      .filter(({via, path}) => (rule.schedule === null ? via === 'event' : via === 'start' && path.isAsynchronous))
  }
  const countOf = (rule: SandboxRule, from: number, to: number) =>
    touchesOf(rule).reduce((sum, touch) => sum + history.countAt(touch, from, to), 0)
  const named = (name: string) => rules().find(rule => rule.name === name)

  return {
    namespace: 'AWS/Events',
    names,
    thingDimension: 'RuleName',
    things: thingsInOrder(() => rules().map(({name}) => name)),
    reports({name, dimensions}) {
      const {RuleName, ...others} = dimensions
      const rule = RuleName === undefined ? undefined : named(RuleName)
      if (!rule || !names.includes(name) || Object.keys(others).length > 0) return undefined
      return (from, to, into) => report(into, 1, countOf(rule, from, to))
    },
    dimensionsSince(name, _metric, since) {
      const rule = named(name)
      return rule && countOf(rule, since, now()) > 0 ? [{RuleName: name}] : []
    },
  }
}
