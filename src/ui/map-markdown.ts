import type {ServiceMap} from '../services/traces/service-map.ts'
import {callsPerMinute, percent, time} from './map-numbers.ts'
import {drawnMap} from './map-text.ts'
import {codeBlock, markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {serviceKind} from './service-kind.ts'

/** The map for a ticket or a post-mortem, in Markdown: the tree as text, then its services as a table. */
export function mapMarkdown(map: ServiceMap, limit: number): string {
  const {coverage, services, notes} = map
  const {start, end} = coverage.window
  const text = drawnMap(map, {terminal: {columns: 0, color: false, unicode: true, isTTY: false}, limit}).trimEnd()
  const rows = services.flatMap(service => {
    const {stats} = service
    if (stats === null) return []
    const {errors, throttles, faults, p50Ms, p95Ms} = stats
    const numbers = [
      callsPerMinute(stats),
      percent(errors - throttles, stats),
      percent(throttles, stats),
      percent(faults, stats),
      time(p50Ms),
      time(p95Ms),
    ]
    return [
      markdownRow([
        markdownText(service.shownName),
        markdownText(serviceKind(service)),
        ...numbers.map(markdownText),
      ]).trimEnd(),
    ]
  })
  const lines = [
    '# Service map',
    '',
    `${new Date(start).toISOString()} to ${new Date(end ?? start).toISOString()}`,
    '',
    ...codeBlock(text.split('\n')),
    '',
    ...(rows.length > 0
      ? [
          '| service | type | calls/min | errors | throttled | faults | p50 | p95 |',
          '|---|---|---:|---:|---:|---:|---:|---:|',
          ...rows,
          '',
        ]
      : []),
    ...markdownGaps(coverage.gaps),
    ...notes.map(note => `- ${markdownText(note)}`),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
