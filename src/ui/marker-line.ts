import type {Marker} from '../services/logs/markers/marker-feed.ts'
import type {ServedAlias} from '../services/logs/markers/releases.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {shorten, width} from './columns.ts'
import {paletteFor} from './palette.ts'
import {printableName} from './printable.ts'
import {type Line, lineWidth, paint, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

const widest = 80

/**
 * A marker as a rule across the stream: `── 13:58:02 checkout-api  42 published: pay-v42 ────────`, with its line end. Where
 * it does not fit, the words give way, then the name.
 */
export function markerFormatter(terminal: Terminal, clock: Pick<ZoneClock, 'time'>): (marker: Marker) => string {
  const palette = paletteFor(terminal)
  const {rule, arrow, ellipsis} = glyphsFor(terminal)
  const columns = Math.min(terminal.columns, widest)
  const fitted = (text: string, room: number): string => shorten(printableName(text), Math.max(0, room), ellipsis)
  return marker => {
    const time = clock.time(marker.at).slice(0, 8)
    const stamp = `${rule.repeat(2)} ${time} `
    const room = terminal.columns - width(stamp) - '  '.length - ' '.length
    const words = wordsOf(marker, arrow)
    const name = fitted(marker.function.name, Math.max(room - width(words), Math.floor(room / 2)))
    const line: Line = [
      span(stamp, 'dim'),
      span(name, 'strong'),
      span(`  ${fitted(words, room - width(name))} `, 'look'),
    ]
    const rest = rule.repeat(Math.max(0, columns - lineWidth(line)))
    return `${paint([...line, span(rest, 'dim')], palette)}\n`
  }
}

function wordsOf(marker: Marker, arrow: string): string {
  switch (marker.kind) {
    case 'deploy': {
      const what = marker.version === '$LATEST' ? '$LATEST changed' : `${marker.version} published`
      return marker.description === '' ? what : `${what}: ${marker.description}`
    }
    case 'alias':
      return `${marker.alias} ${servedText(marker.from)} ${arrow} ${servedText(marker.to)}`
    case 'serves':
      return `${marker.alias} ${marker.before} ${arrow} ${marker.version}, by its first line`
  }
}

/** `41`, or `41 90 % + 42 10 %` */
function servedText({version, weights}: ServedAlias): string {
  const others = Object.entries(weights)
  if (others.length === 0) return version
  const rest = 1 - others.reduce((sum, [, share]) => sum + share, 0)
  return [[version, rest] as const, ...others]
    .map(([name, share]) => `${name} ${Math.round(share * 100)} %`)
    .join(' + ')
}
