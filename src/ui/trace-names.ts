import type {SpanHttp} from '../services/traces/span.ts'
import type {TraceNode} from '../services/traces/trace.ts'
import type {Glyphs} from './terminal.ts'

/** What a node is called, and what it is called with; raw text, not yet printable. */
export type NodeName = {
  readonly text: string
  /** a table's name, a method and path: '' for none */
  readonly detail: string
  /** the text without what of it can be guessed, for where there is little room; the text itself where that is nothing */
  readonly short: string
  /** the function's name where the node is one; it has a hue of its own */
  readonly functionName: string | null
}

const lowercased: ReadonlySet<TraceNode['role']> = new Set(['init', 'restore', 'invocation', 'overhead'])

/** Whether a node stands for an execution of a function as a whole: either of Lambda's two segments, or what logs tell of it. */
export const isFunction = ({role, span}: TraceNode): boolean =>
  role === 'service' || role === 'function' || span.kind === 'invocation'

/** `λ checkout-api:42`, `DynamoDB GetItem` or in short `GetItem`, `payments.example`, `init`. */
export function nodeName(node: TraceNode, version: string | null, {lambda}: Pick<Glyphs, 'lambda'>): NodeName {
  const {span, role} = node
  if (isFunction(node)) {
    const functionName = functionNameOf(node)
    const suffix = version === null || version === '$LATEST' ? '' : `:${version}`
    const text = `${lambda} ${functionName}${suffix}`
    return {text, detail: requestOf(span.http), short: text, functionName}
  }
  if (role === 'init') return own('init')
  if (role === 'queue') return own('in queue')
  if (lowercased.has(role)) return own(span.name.toLowerCase())
  const isCalled = span.operation !== null && !span.name.endsWith(span.operation)
  const text = isCalled ? `${span.name} ${span.operation}` : span.name
  const detail = requestOf(span.http) || lastPart(span.resource ?? '')
  const short = isCalled ? (span.operation ?? text) : text
  return {text, detail: detail === text ? '' : detail, short, functionName: null}
}

const own = (text: string): NodeName => ({text, detail: '', short: text, functionName: null})

/** By its ARN, else by the segment's name, which Lambda gives it. */
export function functionNameOf({span}: TraceNode): string {
  return span.functionArn?.split(':')[6] || span.name
}

/** The version or alias that an ARN is qualified with; null for none. */
export const qualifierOf = ({span}: TraceNode): string | null => span.functionArn?.split(':')[7] || null

/** `POST /orders`: never the query or user info of a URL, which hold secrets. */
export function requestOf(http: SpanHttp | null): string {
  return [http?.method, http?.url ? pathOf(http.url) : null].filter(Boolean).join(' ')
}

/** The path of a URL, or of what stands for one. */
function pathOf(url: string): string {
  const [withoutQuery = ''] = url.split(/[?#;]/, 1)
  const path = withoutQuery.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '')
  // a path parameter may hold user info too: "host:443/x", "user:secret@host/x"
  return path.startsWith('/') || path === '' ? path || '/' : path.replace(/^[^/]*@/, '')
}

/** What tells resources of one kind apart: the end of an ARN or URL; statements and names stay whole. */
function lastPart(resource: string): string {
  if (/^arn:[\w-]+:/.test(resource))
    return resource.slice(Math.max(resource.lastIndexOf(':'), resource.lastIndexOf('/')) + 1)
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(resource)) return resource
  const path = pathOf(resource)
  return path.slice(path.lastIndexOf('/') + 1)
}
