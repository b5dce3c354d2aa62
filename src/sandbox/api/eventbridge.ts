import type * as eventbridgeSdk from '@aws-sdk/client-eventbridge'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {SandboxRule} from '../world/sandbox-resources.ts'
import {arnOf, type Context} from './context.ts'
import {pageAfter} from './paging.ts'

const eventbridge = sdkPackage<typeof eventbridgeSdk>('@aws-sdk/client-eventbridge')

const limit: Constraint = {min: 1, max: 100}
const ruleName: Constraint = {minLength: 1, maxLength: 64, pattern: /[.\-_A-Za-z0-9]+/}

export const service = defineService<typeof eventbridge, Context>(
  eventbridge,
  {
    signingName: 'events',
    iamPrefix: 'events',
    validationError: 'ValidationException',
    throttleError: 'ThrottlingException',
    protocols: [jsonRpc('1.1', 'AWSEvents')],
    constraints: {
      ListRuleNamesByTarget: {TargetArn: {minLength: 1, maxLength: 1600}, Limit: limit},
      DescribeRule: {Name: ruleName},
      ListRules: {NamePrefix: ruleName, Limit: limit},
      ListTargetsByRule: {Rule: ruleName, Limit: limit},
      ListEventBuses: {Limit: limit},
    },
  },
  {
    ListEventBuses: ({NamePrefix = ''}, context) => ({
      EventBuses: ['default']
        .filter(name => name.startsWith(NamePrefix))
        .map(Name => ({Name, Arn: arnOf('events', context, `event-bus/${Name}`)})),
    }),

    // The ARN as the target has it: the function's own does not find a rule that invokes its alias.
    ListRuleNamesByTarget: (input, context) => {
      const rules = rulesOf(input.EventBusName, context).filter(({targetArns}) => targetArns.includes(input.TargetArn))
      const page = pageOf(rules, ({name}) => name, input)
      return {RuleNames: page.items.map(({name}) => name), NextToken: page.next}
    },

    DescribeRule: (input, context) => ({
      ...describe(find(input.Name, input.EventBusName, context), context),
      CreatedBy: context.world.account,
    }),

    ListRules: (input, context) => {
      const rules = rulesOf(input.EventBusName, context).filter(({name}) => name.startsWith(input.NamePrefix ?? ''))
      const page = pageOf(rules, ({name}) => name, input)
      return {Rules: page.items.map(rule => describe(rule, context)), NextToken: page.next}
    },

    ListTargetsByRule: (input, context) => {
      const {targetArns} = find(input.Rule, input.EventBusName, context)
      const targets = targetArns.map((Arn, index) => ({Id: `Target${index}`, Arn}))
      const page = pageOf(targets, ({Id}) => Id, input)
      return {Targets: [...page.items], NextToken: page.next}
    },
  },
)

/** The rules of a bus, by its name or its ARN: the company has the default one alone. */
function rulesOf(bus: string | undefined, context: Context): readonly SandboxRule[] {
  const name = bus?.split('/').at(-1) ?? 'default'
  if (name !== 'default') throw notFound(`Event bus ${name} does not exist.`)
  return context.world.rules()
}

function find(name: string, bus: string | undefined, context: Context): SandboxRule {
  const rule = rulesOf(bus, context).find(each => each.name === name)
  if (!rule) throw notFound(`Rule ${name} does not exist on EventBus default.`)
  return rule
}

const notFound = (message: string) => new ServiceError('ResourceNotFoundException', message)

function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  {Limit, NextToken}: {readonly Limit?: number | undefined; readonly NextToken?: string | undefined},
) {
  return pageAfter(items, keyOf, {
    size: Limit ?? 100,
    token: NextToken,
    invalid: () => new ServiceError('ValidationException', 'Invalid nextToken provided.'),
  })
}

function describe({name, state, schedule, pattern}: SandboxRule, context: Context): eventbridgeSdk.Rule {
  return {
    Name: name,
    Arn: arnOf('events', context, `rule/${name}`),
    State: state,
    EventBusName: 'default',
    ...(schedule !== null && {ScheduleExpression: schedule}),
    ...(pattern !== null && {EventPattern: pattern}),
  }
}
