// What somebody who looks through a trace sees at a moment, and what a key makes of it. Pure: the frame is drawn from it.
import type {Trace} from '../services/traces/trace.ts'
import type {LinkedTrace, TraceReport} from '../services/traces/trace-report.ts'
import {versionBy} from './trace-logs.ts'
import {isFailed} from './trace-messages.ts'
import type {TraceRow} from './trace-row.ts'
import {traceRows} from './trace-rows.ts'

/** One trace as it is looked at: of a chain of jumps along links, each keeps its own. */
type Visit = {
  readonly traceId: string
  /** of a row; null for the first one */
  readonly selected: string | null
  /** by key what was opened (true) or closed (false) by hand */
  readonly opened: ReadonlyMap<string, boolean>
}

export type Pane = 'detail' | 'logs' | 'help'

export type ViewState = {
  /** the last one is shown */
  readonly visits: readonly [Visit, ...(readonly Visit[])]
  readonly pane: Pane | null
  /** lines of the pane that were scrolled past */
  readonly paneTop: number
  /** what rows are looked for by; null where nothing is */
  readonly search: string | null
  readonly isTyping: boolean
  /** why the last key changed nothing, in words; null where it did what it does */
  readonly told: string | null
  readonly isLeft: boolean
}

/** What only the lines that can be stood on make something of. */
type StopAction =
  | {readonly do: 'move'; readonly by: number}
  | {readonly do: 'first' | 'last' | 'toggle' | 'open' | 'close' | 'jump' | 'accept'}
  | {readonly do: 'find'; readonly what: 'failed' | 'critical' | 'search'; readonly step: 1 | -1}
  | {readonly do: 'pane'; readonly pane: Pane}

export type ViewAction =
  | StopAction
  | {readonly do: 'back' | 'escape' | 'leave' | 'search' | 'erase'}
  | {readonly do: 'scroll'; readonly by: number}
  | {readonly do: 'type'; readonly text: string}

/** A line that can be stood on: a row of the tree, or where a link leads. */
export type Stop =
  | {readonly key: string; readonly row: TraceRow; readonly link: null}
  | {readonly key: string; readonly row: null; readonly link: LinkedTrace}

export function firstView(report: TraceReport): ViewState {
  return {
    visits: [visitOf(report.trace.id)],
    pane: null,
    paneTop: 0,
    search: null,
    isTyping: false,
    told: null,
    isLeft: false,
  }
}

const visitOf = (traceId: string): Visit => ({traceId, selected: null, opened: new Map()})

/** The trace that is shown. */
export function tracedIn({visits}: ViewState, report: TraceReport): Trace {
  const id = visits.at(-1)?.traceId
  return report.linked.find(linked => linked.id === id)?.trace ?? report.trace
}

function rowsOf(trace: Trace, opened: Visit['opened'], report: TraceReport, lambda: string): readonly TraceRow[] {
  const versionOf = versionBy(report, trace.id)
  const {rows, orphans} = traceRows(trace, {unfolded: false, mostRows: null, opened, lambda, versionOf})
  return [...rows, ...orphans]
}

/** The rows of a trace with nothing folded or unfolded by hand. */
export const rowsAtFirst = (trace: Trace, report: TraceReport, lambda: string): readonly TraceRow[] =>
  rowsOf(trace, new Map(), report, lambda)

/** What can be stood on, from the top: where it came from, the tree, where it leads. */
export function stopsOf(state: ViewState, report: TraceReport, lambda: string): readonly Stop[] {
  const trace = tracedIn(state, report)
  const rows = rowsOf(trace, state.visits.at(-1)?.opened ?? new Map(), report, lambda)
  const links = report.linked.filter(({fromTraceId}) => fromTraceId === trace.id)
  const stopAt = (link: LinkedTrace): Stop => ({key: `link ${link.id}`, row: null, link})
  return [
    ...links.filter(({reference}) => reference === 'parent').map(stopAt),
    ...rows.map((row): Stop => ({key: row.key, row, link: null})),
    ...links.filter(({reference}) => reference === 'child').map(stopAt),
  ]
}

/** Where one stands: what was selected, or the first row of the tree. */
export function selectedAt({visits}: ViewState, stops: readonly Stop[]): number {
  const selected = visits.at(-1)?.selected ?? null
  const at = selected === null ? -1 : stops.findIndex(({key}) => key === selected)
  return at >= 0
    ? at
    : Math.max(
        0,
        stops.findIndex(({row}) => row !== null),
      )
}

/** What a key makes of what is seen. What the last one led to be told is told no longer. */
export function stepView(shown: ViewState, action: ViewAction, report: TraceReport, lambda: string): ViewState {
  const state = {...shown, told: null}
  switch (action.do) {
    case 'scroll':
      return {...state, paneTop: Math.max(0, state.paneTop + action.by)}
    case 'back':
      return back(state)
    case 'search':
      return {...state, isTyping: true, search: ''}
    case 'type':
      return {...state, search: (state.search ?? '') + action.text}
    case 'erase':
      return {...state, search: (state.search ?? '').slice(0, -1)}
    case 'escape':
      if (state.isTyping) return {...state, isTyping: false, search: null}
      return state.pane === null ? back(state) : {...state, pane: null, paneTop: 0}
    case 'leave':
      return {...state, isLeft: true}
    default:
      return stepAmong(stopsOf(state, report, lambda), state, action, report)
  }
}

function stepAmong(stops: readonly Stop[], state: ViewState, action: StopAction, report: TraceReport): ViewState {
  const at = selectedAt(state, stops)
  const stop = stops[at]
  const goTo = (to: number, from = state): ViewState => {
    const key = stops[Math.min(stops.length - 1, Math.max(0, to))]?.key ?? null
    return {...withVisit(from, {selected: key}), paneTop: 0}
  }
  switch (action.do) {
    case 'move':
      return goTo(at + action.by)
    case 'first':
      return goTo(0)
    case 'last':
      return goTo(stops.length - 1)
    case 'toggle':
      return stop?.row ? setOpen(state, stop.key, !isOpen(stops, at)) : state
    case 'open':
      return isFolded(stops, at) ? setOpen(state, stop?.key ?? '', true) : goTo(at + 1)
    case 'close':
      return stop?.row && isOpen(stops, at) ? setOpen(state, stop.key, false) : goTo(parentOf(stops, at))
    case 'find': {
      const found = nextMatch(stops, at, action.step, matching(action.what, state))
      return found === null ? {...state, told: noMatch(action.what, state)} : goTo(found)
    }
    case 'accept': {
      const typed = {...state, isTyping: false, search: state.search || null}
      const found = nextMatch(stops, at - 1, 1, matching('search', typed))
      if (found !== null) return goTo(found, typed)
      return {...typed, told: typed.search === null ? null : noMatch('search', typed)}
    }
    case 'pane':
      if (stop?.link && action.pane === 'detail') return jumped(state, stop, report)
      return {...state, pane: state.pane === action.pane ? null : action.pane, paneTop: 0}
    case 'jump':
      return jumped(state, stop, report)
  }
}

function withVisit(state: ViewState, change: Partial<Visit>): ViewState {
  const [first, ...others] = state.visits
  const last = others.at(-1)
  return {
    ...state,
    visits: last ? [first, ...others.slice(0, -1), {...last, ...change}] : [{...first, ...change}],
  }
}

function setOpen(state: ViewState, key: string, open: boolean): ViewState {
  const opened = new Map(state.visits.at(-1)?.opened)
  return withVisit(state, {opened: opened.set(key, open), selected: key})
}

/** Whether rows that are below a row are shown. */
function isOpen(stops: readonly Stop[], at: number): boolean {
  const row = stops[at]?.row
  const next = stops[at + 1]?.row
  return row != null && next != null && next.depth > row.depth
}

/** Whether a row stands for more than is shown below it. */
function isFolded(stops: readonly Stop[], at: number): boolean {
  const row = stops[at]?.row
  return row != null && !isOpen(stops, at) && (row.hidden > 0 || row.count > 1)
}

function parentOf(stops: readonly Stop[], at: number): number {
  const depth = stops[at]?.row?.depth ?? 0
  for (let above = at - 1; above >= 0; above--) {
    const row = stops[above]?.row
    if (row && row.depth < depth) return above
  }
  return at
}

function matching(what: 'failed' | 'critical' | 'search', {search}: ViewState): (stop: Stop) => boolean {
  if (what === 'failed') return ({row, link}) => row?.isFailed === true || link?.trace?.nodes.some(isFailed) === true
  if (what === 'critical') return ({row}) => row?.isCritical === true
  const wanted = search?.toLowerCase() ?? ''
  return ({row, link}) =>
    wanted !== '' &&
    [row?.name.text, row?.name.detail, link?.id, ...(row?.messages ?? [])].some(text =>
      text?.toLowerCase().includes(wanted),
    )
}

function noMatch(what: 'failed' | 'critical' | 'search', {search}: ViewState): string {
  if (what === 'failed') return 'nothing failed here'
  if (what === 'critical') return 'nothing here is on the critical path'
  return search === null ? 'nothing is looked for: / does' : `nothing here matches /${search}`
}

/** The next one that matches, from the other end where there is none further on; null for none at all. */
function nextMatch(stops: readonly Stop[], at: number, step: 1 | -1, isMatch: (stop: Stop) => boolean): number | null {
  for (let i = 1; i <= stops.length; i++) {
    const place = (at + i * step + stops.length * 2) % stops.length
    const stop = stops[place]
    if (stop && isMatch(stop)) return place
  }
  return null
}

/** To the trace that the link leads to: the one stood on, else the first that hangs on the selected row, else the only one there is. */
function jumped(state: ViewState, stop: Stop | undefined, report: TraceReport): ViewState {
  const here = tracedIn(state, report).id
  const links = report.linked.filter(({fromTraceId, trace}) => fromTraceId === here && trace !== null)
  const ofRow = links.find(({fromNodeId}) => stop?.row?.nodes.some(({id}) => id === fromNodeId))
  const link = stop?.link ?? ofRow ?? (links.length === 1 ? links[0] : undefined)
  if (!link) return {...state, told: nowhereToGo(links.length, state)}
  if (!link.trace) return {...state, told: `${link.id}: ${link.whyMissing ?? 'not found'}`}
  return {...state, visits: [...state.visits, visitOf(link.id)], paneTop: 0}
}

function nowhereToGo(links: number, {visits}: ViewState): string {
  if (links > 0) return `which of ${links} linked traces? go to its line, then t`
  return visits.length > 1 ? 'it is linked with nothing else: b goes back' : 'it is linked with no other trace'
}

function back(state: ViewState): ViewState {
  const [first, ...others] = state.visits
  if (others.length === 0) return {...state, told: 'nothing to go back to: q quits'}
  return {...state, visits: [first, ...others.slice(0, -1)], paneTop: 0}
}
