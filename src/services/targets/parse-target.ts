import {type UserError, usageError} from '../../errors.ts'
import {type NamePattern, namePattern} from './name-pattern.ts'
import type {Place} from './place.ts'

type Common = {
  /** as it was typed */
  readonly text: string
  /** `!`: takes out what the others selected */
  readonly not: boolean
  /** null where the target is no ARN */
  readonly place: Place | null
}
/** Functions by name; the qualifier is an alias or a version. */
export type FunctionTarget = Common & {
  readonly kind: 'function'
  readonly name: NamePattern
  readonly qualifier: string | null
}
export type LogGroupTarget = Common & {readonly kind: 'log-group'; readonly name: NamePattern}
/** A queue, stream or table: stands for the functions that consume it. */
export type EventSourceTarget = Common & {
  readonly kind: 'event-source'
  readonly service: 'sqs' | 'kinesis' | 'dynamodb'
  readonly arn: string
}
/** Stands for the functions whose metrics it watches. */
export type AlarmTarget = Common & {readonly kind: 'alarm'; readonly name: string}
export type Target = FunctionTarget | LogGroupTarget | EventSourceTarget | AlarmTarget

export type Tag = {readonly key: string; readonly value: string}

/** What a command was pointed at: targets are a union, stack and tags narrow it; nothing at all is every function. */
export type Selection = {
  readonly targets: readonly Target[]
  readonly stack: string | null
  readonly tags: readonly Tag[]
  /** of `--log-group`; they join the targets */
  readonly logGroups: readonly LogGroupTarget[]
}

export type SelectionWords = {
  readonly targets?: readonly string[] | undefined
  readonly stack?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly logGroups?: readonly string[] | undefined
}

/** Whether it names anything: else it is of all that there is. */
export const isPointed = ({targets, stack, tags, logGroups}: Selection): boolean =>
  targets.length + tags.length + logGroups.length > 0 || stack !== null

/**
 * Reads the words of a command line.
 * @throws UserError (usage) for a word that can be no target, with what to write instead
 */
export function parseSelection({targets = [], stack, tags = [], logGroups = []}: SelectionWords): Selection {
  return {
    targets: targets.map(parseTarget),
    stack: stack === undefined ? null : parseStack(stack),
    tags: parseTags(tags),
    logGroups: logGroups.map(parseLogGroup),
  }
}

/**
 * Reads one TARGET word: a function, its alias or version, a glob, an ARN, or a log group where it holds a `/`; `!` takes out.
 * @throws UserError (usage)
 */
export function parseTarget(word: string): Target {
  const {not, rest} = withoutNot(word)
  if (rest.startsWith('arn:')) return parseArn(word, rest, not)
  if (rest.includes('/')) return logGroupTarget(word, rest, not, null)

  const [name = '', qualifier, ...more] = rest.split(':')
  if (more.length > 0)
    throw usageError(`'${word}' has more than one colon`, 'write function:alias, function:version, or a whole ARN')
  return functionTarget(word, name, qualifier ?? null, not, null)
}

/**
 * Reads the value of `--log-group`: a log group's name, glob or ARN, with or without a `/`.
 * @throws UserError (usage)
 */
export function parseLogGroup(word: string): LogGroupTarget {
  const {not, rest} = withoutNot(word)
  if (!rest.startsWith('arn:')) return logGroupTarget(word, rest, not, null)
  const target = parseArn(word, rest, not)
  if (target.kind !== 'log-group')
    throw usageError(`'${word}' is not the ARN of a log group`, 'give it as a target, without --log-group')
  return target
}

function withoutNot(word: string): {not: boolean; rest: string} {
  const not = word.startsWith('!')
  const rest = not ? word.slice(1) : word
  if (rest.trim() === '')
    throw usageError(
      word === '' ? 'a target is empty' : `'${word}' names nothing`,
      'leave it out to take every function, or name one: checkout-api, checkout-*, /ecs/payments',
    )
  return {not, rest}
}

function functionTarget(
  text: string,
  name: string,
  qualifier: string | null,
  not: boolean,
  place: Place | null,
): FunctionTarget {
  if (name === '')
    throw usageError(`'${text}' names no function before the colon`, 'write function:alias or function:version')
  if (!/^[\w.\-*?{},[\]!^]+$/.test(name))
    throw usageError(
      `'${text}' holds characters that no function name has`,
      'names are letters, digits, - and _; globs add * ? [ab] {a,b}; a log group holds a /',
    )
  if (qualifier !== null && !/^(\$LATEST|[\w-]{1,128})$/.test(qualifier))
    throw usageError(
      `'${qualifier}' in '${text}' is neither an alias nor a version`,
      'write one alias, one version number or $LATEST after the colon',
    )
  if (qualifier !== null && not)
    throw usageError(
      `'${text}' takes out one version`,
      '! takes out whole functions: leave the part after the colon away',
    )
  return {kind: 'function', text, not, place, name: namePattern(name), qualifier}
}

function logGroupTarget(text: string, name: string, not: boolean, place: Place | null): LogGroupTarget {
  if (!/^[\w.\-/#*?{},[\]!^]{1,512}$/.test(name))
    throw usageError(
      `'${text}' holds characters that no log group name has`,
      'names are letters, digits and . - _ / #; globs add * ? [ab] {a,b}',
    )
  return {kind: 'log-group', text, not, place, name: namePattern(name)}
}

function parseArn(text: string, arn: string, not: boolean): Target {
  const [, , service = '', region = '', account = '', ...resource] = arn.split(':')
  if (!/^[a-z]{2}[a-z0-9-]*-\d+$/.test(region) || !/^\d{12}$/.test(account) || resource.join('') === '')
    throw usageError(`'${text}' is not a complete ARN`, 'an ARN is arn:aws:<service>:<region>:<12 digits>:<resource>')
  const place = {region, account}
  const common = {text, not, place}
  const [type = '', name = '', ...rest] = resource
  const whole = resource.join(':')

  if (service === 'lambda' && type === 'function' && name !== '' && rest.length <= 1)
    return functionTarget(text, name, rest[0] ?? null, not, place)
  if (service === 'logs' && type === 'log-group' && name !== '' && (rest.length === 0 || rest.join(':') === '*'))
    return logGroupTarget(text, name, not, place)
  if (service === 'sqs' && /^[\w.-]+$/.test(whole)) return {...common, kind: 'event-source', service, arn}
  if (service === 'kinesis' && /^stream\/[\w.-]+(\/consumer\/.+)?$/.test(whole))
    return {...common, kind: 'event-source', service, arn}
  if (service === 'dynamodb' && /^table\/[\w.-]+(\/stream\/.+)?$/.test(whole))
    return {...common, kind: 'event-source', service, arn}
  if (service === 'cloudwatch' && type === 'alarm' && name !== '')
    return {...common, kind: 'alarm', name: resource.slice(1).join(':')}
  throw unknownArn(text)
}

function unknownArn(text: string): UserError {
  return usageError(
    `'${text}' is the ARN of nothing that leads to functions or log groups`,
    'give the ARN of a function, log group, queue, stream, table or alarm',
  )
}

function parseStack(name: string): string {
  // CloudFormation's own pattern for stackName
  if (!/^([a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*)$/.test(name))
    throw usageError(`'${name}' is no stack name`, 'give --stack one name or ARN: letters, digits and -')
  return name
}

function parseTags(words: readonly string[]): Tag[] {
  const tags = new Map<string, string>()
  for (const word of words) {
    const at = word.indexOf('=')
    if (at <= 0) throw usageError(`'${word}' is no tag`, 'write --tag key=value')
    const key = word.slice(0, at)
    const value = word.slice(at + 1)
    if ((tags.get(key) ?? value) !== value)
      throw usageError(`nothing carries two values of the tag ${key}`, 'all tags must hold: give each key once')
    tags.set(key, value)
  }
  return [...tags].map(([key, value]) => ({key, value}))
}
