import type {LogEvent} from '../logs/log-event.ts'
import {isPersonal, isTelling, replacePersonal} from './personal-fields.ts'
import {masked} from './redact.ts'
import {remade} from './remade-trace.ts'
import type {FetchedTrace, Span} from './span.ts'
import type {Trace, TraceNode} from './trace.ts'

/** What a trace itself tells of people, so that it can be masked wherever else it stands. */
export type KnownPeople = {
  /** takes users, annotations and what metadata names so, before any of it is masked */
  addTrace(fetched: FetchedTrace): void
  addEvents(events: readonly LogEvent[]): void
  /** a trace without what is known in its nodes' names, resources, URLs, metadata and messages; functions keep their names */
  hiddenInTrace(trace: Trace): Trace
  hiddenInEvent(event: LogEvent): LogEvent
}

/** shorter ones, as a country or a size, are in every text */
const leastCharacters = 3
const mostCharacters = 1_000
const mostKnown = 2_000
const mostDepth = 12

export function knownPeople(): KnownPeople {
  const known = new Set<string>()
  let pattern: RegExp | null = null
  const add = (value: string): void => {
    const text = value.trim()
    if (text.length < leastCharacters || text.length > mostCharacters || text === masked || known.size >= mostKnown)
      return
    known.add(text)
    pattern = null
  }
  // what is only a field of a line may be any word, as `user=guest`
  const addId = (value: string): void => {
    if (/[\d@]/.test(value)) add(value)
  }
  const hide = (text: string): string => {
    if (known.size === 0) return text
    pattern ??= patternOf([...known])
    return text.replaceAll(pattern, masked)
  }
  return {
    addTrace({spans}) {
      for (const {user, annotations, metadata} of spans) {
        if (user !== null) add(user)
        for (const value of Object.values(annotations)) {
          if (typeof value === 'string') add(value)
          else if (isTelling(value)) add(String(value))
        }
        addPersonal(metadata, addId)
      }
    },
    addEvents(events) {
      for (const {message} of events) {
        replacePersonal(message, value => {
          addId(value)
          return value
        })
      }
    },
    hiddenInTrace: trace => (known.size === 0 ? trace : remade(trace, node => hiddenInNode(node, hide))),
    hiddenInEvent: event => ({...event, message: hide(event.message)}),
  }
}

/** The longest first: one may be part of another. */
function patternOf(known: readonly string[]): RegExp {
  const escaped = known
    .toSorted((a, b) => b.length - a.length)
    .map(text => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu')
}

function addPersonal(value: unknown, add: (text: string) => void, isPersons = false, depth = 0): void {
  if (isPersons && (typeof value === 'string' || isTelling(value))) add(String(value))
  if (typeof value !== 'object' || value === null || depth >= mostDepth) return
  for (const [key, inner] of Object.entries(value)) addPersonal(inner, add, isPersons || isPersonal(key), depth + 1)
}

function hiddenInNode(node: TraceNode, hide: (text: string) => string): TraceNode {
  return {
    ...node,
    span: hiddenInSpan(node.span, hide),
    cause: node.cause && {
      ...node.cause,
      exceptions: node.cause.exceptions.map(one => ({...one, message: one.message && hide(one.message)})),
    },
  }
}

function hiddenInSpan(span: Span, hide: (text: string) => string): Span {
  // a function may be called as an annotation is; an id in a name is somebody's
  const hideId = (text: string): string => (/\d/.test(text) ? hide(text) : text)
  return {
    ...span,
    name: span.functionArn === null && span.origin?.startsWith('AWS::Lambda') !== true ? hideId(span.name) : span.name,
    operation: span.operation && hideId(span.operation),
    resource: span.resource && hideId(span.resource),
    resourceArn: span.resourceArn && hideId(span.resourceArn),
    http: span.http && {...span.http, url: span.http.url && hide(span.http.url)},
    metadata: hiddenWithin(span.metadata, hide, 0),
    // the node has it
    cause: null,
  }
}

function hiddenWithin(value: unknown, hide: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return hide(value)
  if (isTelling(value)) return hide(String(value)) === masked ? masked : value
  if (typeof value !== 'object' || value === null) return value
  if (depth >= mostDepth) return masked
  if (Array.isArray(value)) return value.map(item => hiddenWithin(item, hide, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [hide(key), hiddenWithin(inner, hide, depth + 1)]),
  )
}
