import type {ErrorCluster} from '../services/errors/cluster.ts'
import type {ErrorsReport} from '../services/errors/errors-report.ts'
import {errorRate} from './errors-rate.ts'
import {codeBlock, codeText, markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {count, counted} from './numbers.ts'
import {printable} from './printable.ts'

const mostSampleLines = 30

/** The report for a ticket or a post-mortem, in Markdown. */
export function errorsMarkdown(report: ErrorsReport, limit: number | null): string {
  const {coverage, baseline, clusters, errors, logGroups, gate, notes} = report
  const {window, gaps} = coverage
  const shown = clusters.slice(0, limit ?? clusters.length)
  const lines = [
    '# Errors',
    '',
    `${iso(window.start)} to ${window.end === null ? 'now' : iso(window.end)}${baseline ? `, compared with ${iso(baseline.start)} to ${iso(baseline.end)}` : ''}: ` +
      `${counted(clusters.filter(({count}) => count > 0).length, 'kind')} in ${counted(errors, 'error')} of ${counted(logGroups, 'log group')}.`,
    '',
    ...(gate ? [`Gate: **${gate.verdict}**. ${gate.reasons.map(markdownText).join('; ')}`, ''] : []),
    ...(shown.length > 0
      ? ['| trend | count | rate | before | where | error |', '|---|---:|---:|---:|---|---|', ...shown.map(row), '']
      : []),
    ...markdownGaps(gaps),
    ...notes.map(note => `- ${markdownText(note)}`),
    ...(gaps.length + notes.length > 0 ? [''] : []),
    ...shown.flatMap(section),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function row(cluster: ErrorCluster): string {
  const {trend, ratePerMinute, ratePerInvocation, baselineRatePerMinute, baselineRatePerInvocation, baselineCount} =
    cluster
  const before =
    baselineCount === null ? '' : errorRate(baselineRatePerMinute ?? 0, baselineRatePerInvocation, baselineCount)
  const where = cluster.functions.map(({function: name, logGroup}) => name ?? logGroup).join(', ')
  const cells = [
    trend ?? '',
    count(cluster.count),
    errorRate(ratePerMinute, ratePerInvocation, cluster.count),
    before,
    markdownText(where),
    markdownText(cluster.title),
  ]
  return markdownRow(cells).trimEnd()
}

function section({title, fingerprint, firstSeen, lastSeen, sample}: ErrorCluster): readonly string[] {
  const lines = printable(sample.message.trimEnd()).split('\n')
  const text = lines.slice(0, mostSampleLines)
  const ids = [
    sample.requestId && `request ${codeText(sample.requestId)}`,
    sample.traceId && `trace ${codeText(sample.traceId)}`,
  ]
  const more = lines.length > text.length ? [`… ${count(lines.length - text.length)} more lines`] : []
  return [
    `## ${markdownText(title)}`,
    '',
    `${fingerprint}, first seen ${iso(firstSeen)}, last seen ${iso(lastSeen)}${ids
      .filter(Boolean)
      .map(id => `, ${id}`)
      .join('')}`,
    '',
    ...codeBlock([...text, ...more]),
    '',
  ]
}

const iso = (ms: number): string => new Date(ms).toISOString()
