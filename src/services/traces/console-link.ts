/** What an address of the AWS console says besides ids. */
export type ConsoleLink = {
  /** as it is written */
  readonly address: string
  /** the host and, in the console, what the link shows, without anything that may be secret */
  readonly place: string
  /** with everything that was encoded made plain; what ids are looked for in */
  readonly text: string
  readonly region: string | null
  readonly logGroup: string | null
  /** epoch ms, of the event or the time span that it shows */
  readonly at: number | null
}

const link = /\bhttps?:\/\/[^\s<>"]{1,65536}/i
const consoleHost =
  /(?:^|\.)console\.(?:aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu|aws\.eu)$/
const regionForm = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/
/** an event's id begins with its time: epoch ms above 144 other bits */
const eventIdBits = 144n
const longestPlace = 120

/**
 * Reads the first address in a text; null where there is none. The console encodes what stands behind `#` several times and
 * in its own ways: `$252F` and `*2f` for a slash.
 */
export function consoleLinkIn(text: string): ConsoleLink | null {
  const address = link.exec(text)?.[0]
  const url = address === undefined ? null : URL.parse(address)
  if (address === undefined || !url) return null
  const hash = plain(url.hash.replaceAll(/\$([0-9a-f]{2})/gi, '%$1'), 1)
  const [view = '', ...query] = hash.replace(/^#/, '').split('?')
  const isConsole = consoleHost.test(url.hostname)
  const asked = [query.join('?'), ...oldQuery(view)].filter(part => part !== '').join('&')
  const logGroup = isConsole ? logGroupIn(view, asked) : null
  // a stream's name may look like an id
  const shows = logGroup === null ? hash : asked
  return {
    address,
    // elsewhere, a path may be all that a webhook asks for
    place: (isConsole ? `${url.host}${url.pathname}${viewName(view)}` : url.host).slice(0, longestPlace),
    text: `${url.pathname} ${plain(url.search, 2)} ${jsurl(plain(shows, 2))}`,
    region: isConsole ? regionOf(url) : null,
    logGroup,
    at: isConsole ? timeIn(new URLSearchParams(asked)) : null,
  }
}

/** `#xray:traces/query`, without what was searched for there. */
const viewName = (view: string): string => (view === '' ? '' : `#${plain(view, 2).split(/[;~]/)[0]}`)

/** What links asked for before they had `?`, as `logEventViewer:group=…;stream=…;filter=…`, less the names that may look like ids. */
const oldQuery = (view: string): readonly string[] =>
  view.startsWith('logEventViewer:')
    ? view
        .slice('logEventViewer:'.length)
        .split(';')
        .filter(part => !/^(?:group|stream)=/.test(part))
    : []

function regionOf(url: URL): string | null {
  const asked = url.searchParams.get('region')
  // eu-west-1.console.aws.amazon.com, and with several sessions 123456789012-x.eu-west-1.console.aws.amazon.com
  return [asked, ...url.hostname.split('.')].find(part => part && regionForm.test(part)) ?? null
}

/** `logsV2:log-groups/log-group/%2Faws%2Flambda%2Fx/log-events/…`, or the first of a query's sources. */
function logGroupIn(view: string, query: string): string | null {
  const name = /(?:^|[:/])log-group\/([^/?]+)/.exec(view)?.[1] ?? /[?&;]?group=([^&;]+)/.exec(view)?.[1]
  if (name) return plain(name, 3)
  const source = /source~\(~'([^~)]{1,2048})/.exec(query)?.[1]
  return source
    ? jsurl(plain(source, 2))
        .replace(/^arn:[^:]+:logs:[^:]*:\d*:log-group:/, '')
        .replace(/:\*$/, '')
    : null
}

function timeIn(params: URLSearchParams): number | null {
  const eventId = params.get('refEventId') ?? ''
  if (/^\d{50,60}$/.test(eventId)) return Number(BigInt(eventId) >> eventIdBits)
  const [start, end] = [params.get('start'), params.get('end')].map(time => epochMs(time ?? ''))
  if (start && end) return start + (end - start) / 2
  return start || end || null
}

const epochMs = (text: string): number => {
  const time = /^\d{13}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : 0
  return Number.isFinite(time) ? time : 0
}

/** Percent signs made plain, as often as they were put in; what is no encoding stays. */
function plain(text: string, times: number): string {
  let decoded = text
  for (let time = 0; time < times && decoded.includes('%'); time++)
    decoded = decoded.replaceAll(/(?:%[0-9a-f]{2})+/gi, bytes => {
      try {
        return decodeURIComponent(bytes)
      } catch {
        return bytes
      }
    })
  return decoded
}

/** The way in which the console writes queries into its addresses: `*20` for a space, `~` between values. */
const jsurl = (text: string): string =>
  text.replaceAll(/\*([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
