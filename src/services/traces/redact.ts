import type {LogEvent} from '../logs/log-event.ts'
import {parsedJson} from './document-fields.ts'
import {isPersonal, isTelling, replacePersonal, wordsOf} from './personal-fields.ts'
import type {FetchedTrace, Span, SpanException} from './span.ts'

/** `secrets` masks what opens doors, in any case; `all` also what tells of people. */
export type Redaction = 'secrets' | 'all'

export const masked = '***'
/** words of names that a secret has: `accessToken`, `user_password`, `X-Amz-Signature` */
const secretWords = new Set(
  'token tokens secret secrets signature password passwd passphrase pwd credential credentials jwt bearer auth authorization otp apikey accesskey sessionid jsessionid cookie'.split(
    ' ',
  ),
)
/** what is secret as a whole name, and means anything else in a longer one */
const secretNames = new Set(
  'key code pass pin sig sid policy api-key access-key private-key key-pair-id awsaccess-key-id awsaccesskeyid session-id'.split(
    ' ',
  ),
)
const signedKey = /^x-(?:amz|goog|ms)-/i
// bounded, so that hostile text takes no time
const urlQuery = /[?&;#][^\s"'<>]{1,8192}/g
const jsonField = /"([^"\\]{1,64})"(\s{0,4}:\s{0,4})"((?:[^"\\]|\\.){1,8192})"/g
const userInfo = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]{1,512}@/gi
const bearer = /\b(Bearer|Basic)(\s+)[A-Za-z0-9._~+/=-]{8,}/gi
const jsonWebToken = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g
const mailAddress = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g
const ipAddress = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi
// longer than an id of AWS's: what is of upper and lower case and digits, or of hex digits
const longToken = /(?<![\w+/=.:-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=]{40,}(?![\w+/=-])/g
const mostDepth = 12

/** The spans of a trace without what must not be seen. */
export function redactTrace(fetched: FetchedTrace, redaction: Redaction): FetchedTrace {
  return {...fetched, spans: fetched.spans.map(span => redactSpan(span, redaction))}
}

/** A log line as `logs` shows it; with `all`, without addresses of mail and of hosts, long tokens, and what fields say of people. */
export function redactEvent<E extends LogEvent>(event: E, redaction: Redaction): E {
  return redaction === 'secrets' ? event : {...event, message: lineWithoutPeople(event.message)}
}

/** Of JSON each value; of other text what stands behind the names of fields. */
function lineWithoutPeople(message: string): string {
  const clean = cleaner('all')
  const parsed = message.startsWith('{') ? parsedJson(message) : null
  if (parsed === null) return clean(replacePersonal(message, () => masked))
  const seen = JSON.stringify(within(parsed, text => clean(replacePersonal(text, () => masked)), true))
  return seen === JSON.stringify(parsed) ? message : seen
}

const cleaner =
  (redaction: Redaction) =>
  (text: string): string =>
    redaction === 'all' ? withoutPeople(withoutSecrets(text, redaction)) : withoutSecrets(text, redaction)

/** Exceptions of a span, or of log lines that tell of it, in the same way. */
export function redactExceptions(exceptions: readonly SpanException[], redaction: Redaction): readonly SpanException[] {
  const clean = cleaner(redaction)
  const orNull = (text: string | null): string | null => (text === null ? null : clean(text))
  return exceptions.map(exception => ({
    ...exception,
    type: orNull(exception.type),
    message: orNull(exception.message),
    stack: exception.stack.map(({path, line, label}) => ({path: clean(path), line, label: orNull(label)})),
  }))
}

function redactSpan(span: Span, redaction: Redaction): Span {
  const clean = cleaner(redaction)
  const orNull = (text: string | null): string | null => (text === null ? null : clean(text))
  const isAll = redaction === 'all'
  return {
    ...span,
    name: clean(span.name),
    operation: orNull(span.operation),
    resource: orNull(span.resource),
    user: isAll && span.user !== null ? masked : orNull(span.user),
    http: span.http && {
      ...span.http,
      url: orNull(span.http.url),
      userAgent: orNull(span.http.userAgent),
      clientIp: isAll && span.http.clientIp !== null ? masked : span.http.clientIp,
    },
    annotations: Object.fromEntries(
      Object.entries(span.annotations).map(([key, value]) => [key, annotation(key, value, isAll, clean)]),
    ),
    metadata: within(span.metadata, clean, isAll),
    cause:
      span.cause && 'exceptions' in span.cause
        ? {exceptions: redactExceptions(span.cause.exceptions, redaction)}
        : span.cause,
  }
}

function annotation(
  key: string,
  value: string | number | boolean,
  isAll: boolean,
  clean: (text: string) => string,
): string | number | boolean {
  if (typeof value !== 'string') return isAll && isTelling(value) ? masked : value
  return isAll || isSecret(key) ? masked : clean(value)
}

/** @param isHidden a name above says that what is in it must not be seen: `{"authorization": ["Bearer …"]}` */
function within(value: unknown, clean: (text: string) => string, isAll: boolean, depth = 0, isHidden = false): unknown {
  if (typeof value === 'string') return isHidden ? masked : clean(value)
  if (isAll && isHidden && typeof value === 'number') return masked
  if (typeof value !== 'object' || value === null) return value
  if (depth >= mostDepth) return masked
  if (Array.isArray(value)) return value.map(item => within(item, clean, isAll, depth + 1, isHidden))
  const hides = (key: string): boolean => isHidden || isSecret(key) || (isAll && isPersonal(key))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, within(inner, clean, isAll, depth + 1, hides(key))]),
  )
}

/** Without passwords and tokens: in the query of a URL, before its host, in an Authorization header. */
export function withoutSecrets(text: string, redaction: Redaction): string {
  return text
    .replaceAll(userInfo, `$1${masked}@`)
    .replaceAll(jsonField, (whole, key: string, colon: string) =>
      isSecret(key) ? `"${key}"${colon}"${masked}"` : whole,
    )
    .replaceAll(urlQuery, query => redactQuery(query, redaction))
    .replaceAll(bearer, `$1$2${masked}`)
    .replaceAll(jsonWebToken, masked)
}

/** `?a=1&token=x` becomes `?a=1&token=***`; what is behind a `#` is a query as well to some. */
function redactQuery(query: string, redaction: Redaction): string {
  return query.replaceAll(
    /([?&;#])([^=&;#?]{1,256})=([^&;#]*)/g,
    (whole, before: string, key: string, value: string) =>
      value !== '' && (redaction === 'all' || isSecret(decoded(key))) ? `${before}${key}=${masked}` : whole,
  )
}

function isSecret(key: string): boolean {
  const words = wordsOf(key)
  return signedKey.test(key) || secretNames.has(words.join('-')) || words.some(word => secretWords.has(word))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const withoutPeople = (text: string): string =>
  text.replaceAll(mailAddress, masked).replaceAll(ipAddress, masked).replaceAll(longToken, masked)
