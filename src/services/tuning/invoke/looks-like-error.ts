import {isObject, type Json, parseJson} from '../../logs/json-meaning.ts'

/** the words of API Gateway and of web frameworks for a request that came to nothing */
const refusals = new Set([
  'internal server error',
  'bad request',
  'unauthorized',
  'forbidden',
  'not found',
  'method not allowed',
  'too many requests',
  'bad gateway',
  'service unavailable',
  'endpoint request timed out',
  'missing authentication token',
])

/**
 * What makes an answer look like an error of an API, although the function returned it as a success: to tune by it would
 * be to measure the path of the error. In a few words, as `statusCode 500`; null where nothing does.
 *
 * A false alarm stops a run, so only these count, each by its value and never by its key alone:
 * - `statusCode` of 400–599, a number or its text (API Gateway, function URLs, load balancers)
 * - `errorMessage` with a text (what runtimes make of an exception)
 * - `error` that is a text, true, or an object that says something; `Error` and `Cause` as texts (Step Functions).
 *   `"error": null`, false, "" and {} are successes
 * - `errors` with an element, and no `data` beside it: GraphQL's partial answers are none
 * - `message` that is nothing but an API's refusal, as `Internal server error`, in any case. Other messages are greetings
 * - `ok` or `success` that is false itself
 * - `status` of 400–599 with a `title` (RFC 9457), `"error"` with a message and `"fail"` with data (JSend). An order's status is none
 * - `__type` that ends with Exception or Error (AWS's own APIs)
 * - `batchItemFailures` with an element (queues and streams)
 *
 * The same is looked for in `body` of an answer with a `statusCode`, an object or its JSON text, and in an answer that is a
 * text of JSON as a whole.
 */
export function looksLikeError(answer: string): string | null {
  const json = objectIn(answer)
  if (!json) return null
  if (!('statusCode' in json)) return byShape(json)
  const status = httpError(json['statusCode'])
  if (status !== null) return `statusCode ${status}`
  const body = bodyOf(json)
  const told = body && byShape(body)
  return told ? `${told} in its body` : byShape(json)
}

/** An object, or a text that is one's JSON. */
function objectIn(answer: string): Json | null {
  const text = answer.trimStart()
  if (text.startsWith('{')) return parseJson(text)
  if (!text.startsWith('"')) return null
  try {
    const inner: unknown = JSON.parse(text)
    return typeof inner === 'string' ? parseJson(inner) : null
  } catch {
    return null
  }
}

function bodyOf({body, isBase64Encoded}: Json): Json | null {
  if (isObject(body)) return body
  if (typeof body !== 'string') return null
  return parseJson(isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body)
}

function byShape(json: Json): string | null {
  const {errorMessage, error, errors, message, ok, success, status, title, data, __type, batchItemFailures} = json
  if (isText(errorMessage)) return 'an errorMessage'
  if (saysSomething(error)) return 'an error'
  if (isText(json['Error']) && isText(json['Cause'])) return 'an Error and its Cause'
  if (isFilled(errors) && (data === undefined || data === null)) return 'errors'
  if (isText(message) && refusals.has(message.trim().replace(/\.$/, '').toLowerCase()))
    return 'the message of a refusal'
  if (ok === false) return 'ok: false'
  if (success === false) return 'success: false'
  if (httpError(status) !== null && isText(title)) return `status ${httpError(status)}`
  if (status === 'error' && isText(message)) return 'status: error'
  if (status === 'fail' && 'data' in json) return 'status: fail'
  if (isText(__type) && /(Exception|Error)$/.test(__type)) return 'an exception of AWS'
  return isFilled(batchItemFailures) ? 'batchItemFailures' : null
}

function httpError(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value.trim()) ? Number(value) : value
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : null
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0

const saysSomething = (value: unknown): boolean =>
  isText(value) ||
  value === true ||
  (isObject(value) && Object.values(value).some(part => isText(part) || isObject(part)))
