import type {TraceDiff} from '../services/traces/diff-traces.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {paintedRows} from './layout.ts'
import {codeBlock} from './markdown.ts'
import type {MessageReader} from './message-lines.ts'
import type {Terminal} from './terminal.ts'
import {traceDiffText} from './trace-diff-text.ts'
import {noteLines} from './trace-footer.ts'
import {traceJson} from './trace-json.ts'
import {fileTerminal, traceMarkdown} from './trace-markdown.ts'
import {traceSvg} from './trace-svg.ts'
import {type TraceClock, traceText} from './trace-text.ts'

/** of a file */
export type TraceFormat = 'json' | 'md' | 'svg'

export type TraceScreenOptions = {
  readonly json: boolean
  readonly terminal: Terminal
  readonly clock: TraceClock
  readonly isZoneGiven: boolean
  /** epoch ms */
  readonly now: number
  readonly logs: boolean
  readonly unfolded: boolean
  readonly reader: MessageReader
}

/** How a trace is shown: on the terminal or as JSON, and as it is kept in a file. */
export type TraceScreen = {
  draw(report: TraceReport, diff: TraceDiff | null): string
  kept(format: TraceFormat, report: TraceReport, diff: TraceDiff | null): string
}

export function traceScreen({json, terminal, ...options}: TraceScreenOptions): TraceScreen {
  const jsonOf = (report: TraceReport, diff: TraceDiff | null): string => traceJson(report, diff, options.logs)
  return {
    draw(report, diff) {
      if (json) return jsonOf(report, diff)
      return diff
        ? traceDiffText(diff, {...options, terminal}) + paintedRows(noteLines(report, terminal), terminal)
        : traceText(report, {...options, terminal})
    },
    kept(format, report, diff) {
      if (format === 'json') return jsonOf(report, diff)
      if (format === 'svg') return traceSvg(report, options)
      const whole = traceMarkdown(report, options)
      if (!diff) return whole
      const rows = traceDiffText(diff, {...options, terminal: fileTerminal})
        .trimEnd()
        .split('\n')
      return `${whole}\n## Compared\n\n${codeBlock(rows).join('\n')}\n`
    },
  }
}
