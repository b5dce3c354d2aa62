import type {Receipt} from '../services/receipt.ts'
import type {OpenedMap} from '../services/traces/open-map.ts'
import type {ServiceMap} from '../services/traces/service-map.ts'
import {receiptJson} from './json-lines.ts'
import {paintedRows} from './layout.ts'
import {mapJson} from './map-json.ts'
import {mapMarkdown} from './map-markdown.ts'
import {mapText} from './map-text.ts'
import {count, counted, roughDuration} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader, windowAndRegions} from './reading-header.ts'
import {gapsAndNotes} from './receipt-text.ts'
import {joined, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** of a file */
export type MapFormat = 'svg' | 'dot' | 'json' | 'md'

export type MapScreenOptions = {
  readonly opened: OpenedMap
  readonly json: boolean
  readonly windowText: string
  /** rows of the tree; null: as many as one looks at */
  readonly limit: number | null
}

/** How a map is shown: what will be read, how far it is, the map in each form, and the receipt. */
export type MapScreen = {
  header(terminal: Terminal): string
  draw(map: ServiceMap, terminal: Terminal): string
  /** the map as it is kept in a file */
  kept(map: ServiceMap, format: MapFormat): Promise<string>
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  reading(now: number, throttles: number): ReadingState
}

const shownByDefault = 60

export function mapScreen({opened, json, windowText, limit}: MapScreenOptions): MapScreen {
  const rows = limit ?? shownByDefault
  let startedAt: number | null = null
  return {
    header: terminal => header(opened, windowText, terminal),
    draw: (map, terminal) => (json ? mapJson(map) : mapText(map, {terminal, limit: rows})),
    async kept(map, format) {
      if (format === 'svg') return (await import('./map-svg.ts')).mapSvg(map)
      if (format === 'dot') return (await import('./map-dot.ts')).mapDot(map)
      return format === 'json' ? mapJson(map) : mapMarkdown(map, rows)
    },
    receipt: (receipt, terminal) =>
      receipt === null
        ? ''
        : json
          ? receiptJson(receipt, opened.scopes)
          : summary(receipt, terminal) + gapsAndNotes(receipt, opened.scopes, terminal),
    reading(now, throttles) {
      startedAt ??= now
      const {done} = opened.progress
      const total = opened.leastCalls
      const remainingMs = done === 0 ? null : ((now - startedAt) / done) * (total - done)
      return {doing: 'mapping', done, total, throttles, remainingMs}
    },
  }
}

function header({scopes, leastCalls}: OpenedMap, windowText: string, terminal: Terminal): string {
  const regions = new Set(scopes.map(({region}) => region)).size
  const facts = [
    ...windowAndRegions(windowText, scopes, terminal),
    // X-Ray answers for six hours at a time
    ...(leastCalls > regions ? [`${counted(leastCalls, 'call')} or more`] : []),
  ]
  return dimHeader(facts, terminal)
}

function summary({sources, pages, throttles, durationMs, complete}: Receipt, terminal: Terminal): string {
  const {dot} = glyphsFor(terminal)
  const read =
    sources.complete === sources.total
      ? ''
      : `${count(sources.complete)} of ${count(sources.total)} parts of the window read`
  const parts: Span[] = [
    ...(read === '' ? [] : [span(read, complete ? 'dim' : 'look')]),
    span(`${counted(pages, 'page')}, ${count(throttles)} throttled`, 'dim'),
    span(roughDuration(durationMs), 'dim'),
  ]
  const separator = ` ${dot} `
  return paintedRows([joined(parts, separator)], terminal, separator)
}
