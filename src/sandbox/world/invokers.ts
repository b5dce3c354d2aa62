// What starts functions without being one: rules, schedules, APIs, and the policies that let them.
import type {CompanyFunction, CompanyStack, Entry, Schedule} from './company.ts'
import {type Account, functionArn} from './log-events.ts'
import {hex, mix, textKey} from './random.ts'
import type {SandboxEventInvokeConfig, SandboxFunctionUrl, SandboxGrant} from './sandbox-function.ts'
import type {SandboxRule} from './sandbox-resources.ts'
import type {SandboxSchedule} from './schedules/schedules.ts'

/** The alias that callers name where a function is released by one. */
const qualifierOf = (definition: CompanyFunction | undefined) => (definition?.releases ? 'live' : null)

type Scheduled = {readonly entry: Extract<Entry, {schedule: Schedule}>; readonly name: string; readonly target: string}

/** A stack's schedules, each with its name and the ARN of what it starts. */
function scheduledIn(stack: CompanyStack, where: Account): readonly Scheduled[] {
  return (stack.entries ?? []).flatMap(entry => {
    if (!('schedule' in entry)) return []
    const started = entry.scenarios[0].start.in
    const definition = stack.functions.find(({name}) => name === started)
    const target = functionArn(where, started, qualifierOf(definition))
    return [{entry, name: entry.triggerName ?? started, target}]
  })
}

export function describeRules(stack: CompanyStack, where: Account): readonly SandboxRule[] {
  const scheduled = scheduledIn(stack, where)
    .filter(({entry}) => entry.scheduledBy !== 'scheduler')
    .map(
      ({entry, name, target}): SandboxRule => ({
        name,
        state: 'ENABLED',
        schedule: expressionOf(entry.schedule),
        pattern: null,
        targetArns: [target],
      }),
    )
  const onEvents = (stack.rules ?? []).map(
    ({name, pattern, functionName}): SandboxRule => ({
      name,
      state: 'ENABLED',
      schedule: null,
      pattern: JSON.stringify(pattern),
      targetArns: [
        functionArn(where, functionName, qualifierOf(stack.functions.find(each => each.name === functionName))),
      ],
    }),
  )
  return [...scheduled, ...onEvents]
}

export function describeSchedules(stack: CompanyStack, where: Account): readonly SandboxSchedule[] {
  return scheduledIn(stack, where)
    .filter(({entry}) => entry.scheduledBy === 'scheduler')
    .map(({entry, name, target}) => {
      const createdAt = Date.parse(stack.created) + 120_000
      return {
        name,
        group: 'default',
        state: 'ENABLED',
        description: null,
        expression: expressionOf(entry.schedule),
        timezone: 'UTC',
        startAt: null,
        endAt: null,
        windowMinutes: null,
        afterCompletion: 'NONE',
        target: {
          arn: target,
          roleArn: `arn:aws:iam::${where.account}:role/${name}-scheduler`,
          input: null,
          deadLetterArn: null,
          maximumAgeSeconds: 86_400,
          maximumRetries: 185,
        },
        createdAt,
        modifiedAt: createdAt,
        clientToken: null,
      }
    })
}

/** As EventBridge writes it. A rate counts from the rule's creation, so what has its minute in the hour is a cron. */
function expressionOf(schedule: Schedule): string {
  if ('yearlyOn' in schedule) {
    const [month, day, hour] = schedule.yearlyOn
    return `cron(0 ${hour} ${day} ${month} ? *)`
  }
  const {everyMinutes, atMinute} = schedule
  if (everyMinutes === 1) return 'rate(1 minute)'
  if (everyMinutes < 60) return `cron(${atMinute}/${everyMinutes} * * * ? *)`
  if (everyMinutes === 60) return `cron(${atMinute} * * * ? *)`
  return `cron(${atMinute % 60} ${Math.floor(atMinute / 60)} * * ? *)`
}

/** The statements of a function's resource policy: queues, streams, schedules of Scheduler and its own account need none. */
export function grantsOf(definition: CompanyFunction, stack: CompanyStack, where: Account): readonly SandboxGrant[] {
  const qualifier = qualifierOf(definition)
  const target = functionArn(where, definition.name, qualifier)
  const grant = (sid: string, principal: string, sourceArn: string | null): SandboxGrant => ({
    sid,
    qualifier,
    principal,
    sourceArn,
  })
  const {region, account} = where
  return [
    ...apisOf(definition, stack).map(apiId =>
      grant('ApiInvoke', 'apigateway.amazonaws.com', `arn:aws:execute-api:${region}:${account}:${apiId}/*/*`),
    ),
    ...describeRules(stack, where)
      .filter(({targetArns}) => targetArns.includes(target))
      .map(({name}) =>
        grant(`Rule-${name}`, 'events.amazonaws.com', `arn:aws:events:${region}:${account}:rule/${name}`),
      ),
    ...(definition.invokedBy ?? []).map(([principal, source], i) => grant(`Invoke${i + 1}`, principal, source ?? null)),
    ...(definition.url === 'NONE' ? [grant('FunctionURLAllowPublicAccess', '*', null)] : []),
  ]
}

/** The HTTP APIs of the stack that answer with the function. */
function apisOf({name}: CompanyFunction, {logGroups, entries}: CompanyStack): readonly string[] {
  return (logGroups ?? []).flatMap(group => {
    if (group.traced?.as !== 'stage') return []
    const calls = (entries ?? []).some(entry =>
      entry.scenarios.some(
        ({start}) => start.in === group.name && start.calls?.some(call => call.via === 'sync' && call.in === name),
      ),
    )
    return calls ? [group.traced.apiId] : []
  })
}

export function urlsOf(definition: CompanyFunction, createdAt: number, where: Account): readonly SandboxFunctionUrl[] {
  if (!definition.url) return []
  const key = textKey(`${definition.name} ${where.region}`)
  const id = hex(4, mix(key, 1), mix(key, 2))
  return [
    {
      qualifier: qualifierOf(definition),
      url: `https://${id}.lambda-url.${where.region}.on.aws/`,
      authType: definition.url,
      createdAt: createdAt + 240_000,
    },
  ]
}

export function eventInvokeConfigsOf(
  definition: CompanyFunction,
  createdAt: number,
  where: Account,
): readonly SandboxEventInvokeConfig[] {
  const {waitingEvents} = definition
  if (!waitingEvents) return []
  return [
    {
      qualifier: qualifierOf(definition),
      maximumRetryAttempts: waitingEvents.retries,
      maximumEventAgeSeconds: waitingEvents.maximumAgeSeconds,
      onSuccess: null,
      onFailure: waitingEvents.onFailure
        ? `arn:aws:sqs:${where.region}:${where.account}:${waitingEvents.onFailure}`
        : null,
      lastModified: createdAt + 240_000,
    },
  ]
}
