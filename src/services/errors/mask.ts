/** What is looked at of a text: what is beyond says no more of what kind of error it is. */
const mostCharacters = 1_024

const uuid = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`
const xrayId = `1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}`
const time = String.raw`\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?`
const ipv4 = String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?`
const ipv6 = String.raw`\[?(?:[0-9a-fA-F]{1,4}:){2,7}(?::|[0-9a-fA-F]{1,4})(?::?[0-9a-fA-F]{1,4}){0,6}\]?|[0-9a-fA-F]{1,4}::[0-9a-fA-F:]{0,34}|::1\b`
const number = String.raw`[-+]?\d+(?:[.,]\d+){0,8}(?:[eE][-+]?\d+)?`
const unit = `(?:ns|µs|us|ms|s|m|h|d|min|[kKMGT]?i?B|[kKMG]|%)(?![A-Za-z0-9])`

// A status of HTTP, where it must be one: at the beginning (`429 from payments`, but neither `200 of 300 …` nor
// `503 items …`), behind a word for it, or before the reason that HTTP gives it.
const leading = String.raw`(?<=^(?:[A-Za-z_][\w.$]{0,100}: ?)?)(?<first>\d{3})(?! of\b| (?!does\b|was\b|has\b)[a-z-]{2,40}(?<!s)s\b)`
const afterItsName = String.raw`(?<=(?:\b|_|(?<=[a-z])(?=[SC]))(?:HTTP|http|[sS]tatus|STATUS|[cC]ode|CODE)(?:[ _]?[cC]ode|_CODE|/\d(?:\.\d)?)?["']?(?:[ :=]{1,3}|\s(?:is|was|of)\s))(?<status>\d{3})`
// by its own number only: `order 123 not found` is no status
const reasons = {
  301: 'moved permanently',
  302: 'found',
  304: 'not modified',
  400: 'bad request',
  401: 'unauthorized',
  402: 'payment required',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  406: 'not acceptable',
  407: 'proxy authentication required',
  408: 'request time-?out',
  409: 'conflict',
  410: 'gone',
  412: 'precondition failed',
  413: '(?:payload|content|request entity) too large',
  414: '(?:request-)?uri too (?:large|long)',
  415: 'unsupported media type',
  416: '(?:requested )?range not satisfiable',
  422: 'unprocessable (?:entity|content)',
  423: 'locked',
  424: 'failed dependency',
  428: 'precondition required',
  429: 'too many requests',
  431: 'request header fields too large',
  500: 'internal server error',
  501: 'not implemented',
  502: 'bad gateway',
  503: 'service (?:temporarily )?unavailable',
  504: 'gateway time-?out',
  505: 'http version not supported',
  507: 'insufficient storage',
} as const
const beforeItsReason = `(?<reason>${Object.entries(reasons)
  .map(([status, reason]) => String.raw`${status}(?=[ :,(-]{1,3}${anyCase(reason)}(?!\w))`)
  .join('|')})`

// One pass from left to right; where several would fit, the first. No part can match one text in two ways, so that
// the time it takes grows with the text and no faster.
const variable = new RegExp(
  [
    String.raw`(?<arn>\barn:aws[a-z-]*:[\w-]*:[\w-]*:\d*:[^\s"'<>,;)\]}]+)`,
    String.raw`(?<url>\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s"'<>)\]}]+)`,
    String.raw`(?<email>[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})`,
    String.raw`(?<![\w-])(?<id>${xrayId})(?![\w-])`,
    String.raw`(?<![\w])(?<uuid>${uuid})(?![\w])`,
    String.raw`(?<![\w.])(?<time>${time})(?![\w])`,
    String.raw`(?<![\w.])(?<v4>${ipv4})(?![\w.]*\w)`,
    String.raw`(?<![\w:])(?<v6>${ipv6})(?![\w:])`,
    String.raw`(?<![\w<)\]./])(?<path>(?:[A-Za-z]:\\|~?/|\.{1,2}/)[\w.@%+~-]+(?:[/\\][\w.@%+~:-]*)*|(?:[A-Za-z]:\\))`,
    String.raw`(?<![\w])(?<hex>0x[0-9a-fA-F]+|(?=[a-fA-F]*\d)(?!\d+\b)[0-9a-fA-F]{8,})(?![\w-])`,
    // 404 and 503 are different errors
    String.raw`(?<![\w.+-])(?=[1-5]\d\d(?![\w.,]?\d|\w|\s?${unit}))(?:${leading}|${afterItsName}|${beforeItsReason})`,
    String.raw`(?<![\w.])(?<n>${number})(?:(?![\w])|(?=${unit}))`,
    // an identifier of the application: letters and digits in one word, with at least two digits
    String.raw`(?<![\w])(?<word>(?=[\w-]*\d)[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*)`,
  ].join('|'),
  'gu',
)

// an apostrophe within a word opens nothing
const quoted = /(?<![\w>])(?:'[^'\n]{1,300}'|"(?:[^"\\\n]|\\.){1,300}"|`[^`\n]{1,300}`)(?![\w])/g
const repeated = /(<[a-z]+>)(?:[,;|\s]+\1)+/g

/** A text whose changing parts are masked; `kept` is the same with what stood in quotation marks. */
export type Masked = {readonly text: string; readonly kept: string}

/**
 * A text with everything masked that changes from one occurrence to the next: `<n>` numbers (their unit stays), `<time>`,
 * `<uuid>`, `<hex>` (8 digits and more), `<id>` (trace ids, and words with digits in them such as `ord_1f03`), `<addr>`
 * (IP addresses, with a port; e-mail), `<path>`, `<str>` (what is in quotation marks). A status of HTTP stays. An ARN keeps its service and type
 * of resource, a URL its scheme, host and the words of its path. Lists of one kind of mask become one.
 */
export function mask(text: string): Masked {
  const kept = text.slice(0, mostCharacters).replace(variable, masked).replace(repeated, '$1…')
  const hidden = kept.includes("'") || kept.includes('"') || kept.includes('`') ? kept.replace(quoted, '<str>') : kept
  return {text: hidden === kept ? kept : hidden.replace(repeated, '$1…'), kept}
}

/** A pattern in lower case that fits its words in title case too. */
function anyCase(pattern: string): string {
  return pattern.replaceAll(/(?<!\w)[a-z]/g, letter => `[${letter.toUpperCase()}${letter}]`)
}

type Groups = Readonly<Record<string, string | undefined>>

function masked(found: string, ...rest: readonly unknown[]): string {
  const groups = rest.at(-1) as Groups
  if (groups['n'] !== undefined) return '<n>'
  if ((groups['first'] ?? groups['status'] ?? groups['reason']) !== undefined) return found
  if (groups['word'] !== undefined) return maskedWord(found)
  if (groups['uuid'] !== undefined) return '<uuid>'
  if (groups['id'] !== undefined) return '<id>'
  if (groups['hex'] !== undefined) return '<hex>'
  if (groups['time'] !== undefined) return '<time>'
  if (groups['path'] !== undefined) return '<path>'
  if (groups['arn'] !== undefined) return maskedArn(found)
  if (groups['url'] !== undefined) return maskedUrl(found)
  return '<addr>'
}

// S3, EC2, http2, v4: part of a name; 42 would be part of a value
const namelike = /^(?:[A-Za-z]{1,8}\d|utf-?\d+|sha-?\d+|base64|x86_64|arm64|iso-8859-\d+)$/i
const digits = /\d+/g

function maskedWord(word: string): string {
  if (namelike.test(word)) return word
  const count = word.match(/\d/g)?.length ?? 0
  // KIWI-1, node-12: the word says what it is, the number which one
  if (count <= 2 || /^[A-Za-z]+[-_]\d+$/.test(word)) return word.replace(digits, '<n>')
  return '<id>'
}

/** `arn:aws:lambda:eu-west-1:123456789012:function:checkout-api` → `arn:lambda:function:<id>` */
function maskedArn(arn: string): string {
  const [, , service = '', , , ...resource] = arn.split(':')
  // what S3 names is a bucket and a key
  const type = service === 's3' ? undefined : /^([a-z-]+)[:/]/.exec(resource.join(':'))?.[1]
  return `arn:${service}:${type === undefined ? '' : `${type}:`}<id>`
}

/** Scheme, host and the words of the path; an address for a host, ids in the path, and what follows a `?` are masked. */
function maskedUrl(url: string): string {
  const [, scheme = '', authority = '', path = ''] = /^([^:]+:\/\/)([^/?#]*)([^?#]*)/.exec(url) ?? []
  const host = authority.replace(/^.*@/, '')
  const shownHost =
    /^[\d.:[\]a-f]+$/i.test(host) && /\d/.test(host)
      ? '<addr>'
      : host.replace(/:\d+$/, ':<n>').replace(digits, '<n>').replace('<<n>>', '<n>')
  const segments = path.split('/').map(segment => (/\d/.test(segment) || segment.length > 40 ? '<id>' : segment))
  return `${scheme}${shownHost}${segments.join('/')}`
}
