import type {SandboxLogEvent} from '../../../world/world.ts'
import {discoverFields, lambdaField, mayHoldField} from './discovered-fields.ts'
import type {Value} from './values.ts'

/** A log event as a query sees it. What was discovered in it is kept while it is worked on, and forgotten with `forget`. */
export type QueriedEvent = {
  readonly event: SandboxLogEvent
  readonly account: string
  readonly group: string
  discovered: ReadonlyMap<string, string> | undefined
}

/** One line between two commands: an event with what was added to it, or what `stats` made of many. */
export type Row = {readonly source: QueriedEvent | undefined; readonly values: ReadonlyMap<string, Value>}

const nothing: ReadonlyMap<string, Value> = new Map()

export const rowOf = (event: SandboxLogEvent, group: string, account: string): Row => ({
  source: {event, group, account, discovered: undefined},
  values: nothing,
})

export function fieldOf({source, values}: Row, name: string): Value {
  if (values.has(name) || !source) return values.get(name)
  const {event} = source
  switch (name) {
    case '@message':
      return event.message
    case '@timestamp':
      return {time: event.timestamp}
    case '@ingestionTime':
      return {time: event.ingestionTime}
    case '@logStream':
      return event.logStream
    case '@log':
      return `${source.account}:${source.group}`
    case '@ptr':
      return pointerTo(source.group, event)
    default:
      if (source.discovered) return source.discovered.get(name)
      if (isLambdaField(name)) return isOfLambda(source) ? lambdaField(event.message, name) : undefined
      return mayHoldField(event.message, name) ? discoveredIn(source).get(name) : undefined
  }
}

const isOfLambda = ({group}: QueriedEvent) => group.startsWith('/aws/lambda/')

/** A field of the message's own that begins with @ has another one. */
const isLambdaField = (name: string) => name.startsWith('@') && !name.startsWith('@@')

/** Lets go of what can be found again, for rows that are kept. */
export function forget({source}: Row): void {
  if (source) source.discovered = undefined
}

export function discoveredIn(source: QueriedEvent): ReadonlyMap<string, string> {
  source.discovered ??= discoverFields(source.event.message, isOfLambda(source))
  return source.discovered
}

/** What leads GetLogRecord back to an event. */
function pointerTo(group: string, {timestamp, eventId}: SandboxLogEvent): string {
  return Buffer.from(JSON.stringify([group, timestamp, eventId])).toString('base64')
}

/** The inverse of a `@ptr`; undefined for anything else. */
export function readPointer(
  pointer: string,
): {readonly group: string; readonly timestamp: number; readonly eventId: string} | undefined {
  try {
    const [group, timestamp, eventId] = JSON.parse(Buffer.from(pointer, 'base64').toString()) as readonly unknown[]
    return typeof group === 'string' && typeof timestamp === 'number' && typeof eventId === 'string'
      ? {group, timestamp, eventId}
      : undefined
  } catch {
    return undefined
  }
}
