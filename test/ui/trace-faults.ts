import type {Trace} from '../../src/services/traces/trace.ts'
import {width} from '../../src/ui/columns.ts'
import {inertJson} from '../../src/ui/printable.ts'
import {traceJson} from '../../src/ui/trace-json.ts'
import {traceText} from '../../src/ui/trace-text.ts'
import {clock, reader, terminal} from './events.ts'
import {linked, reportOf} from './traces.ts'

// what moves, hides or reorders text; joiners that hold letters together may stay
const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const harmless = new Set(['\n', '\u200c', '\u200d'])
const widths = [40, 80, 220, 12]

/** Draws traces, each at another width, folded or not, in colour or not. */
export function drawnFaults(): (trace: Trace) => readonly string[] {
  let traces = 0
  return trace => {
    const turn = traces++
    const columns = widths[turn % widths.length] ?? 80
    const color = turn % 3 === 0
    const report = reportOf(trace, {linked: turn % 5 === 0 ? [linked(trace, trace)] : []})
    const text = traceText(report, {
      terminal: {...terminal(columns), color},
      clock,
      reader,
      now: trace.end,
      logs: false,
      unfolded: turn % 2 === 0,
    })
    // colours are all that a terminal is to obey
    const plain = color ? text.replaceAll(/\u001b\[[\d;]*m/g, '') : text
    const json = inertJson(traceJson(report, null))
    const found = [...(plain.match(obeyed) ?? []), ...(json.match(obeyed) ?? [])]
    const told: {readonly nodes: readonly unknown[]} = JSON.parse(json)
    const wide = plain.split('\n').find(row => columns >= 40 && width(row) > columns)
    return [
      ...found
        .filter(one => !harmless.has(one))
        .map(one => `drawn at ${columns}: U+${one.codePointAt(0)?.toString(16)}`),
      ...(told.nodes.length === trace.nodes.length ? [] : ['not all nodes are in the JSON']),
      ...(wide === undefined ? [] : [`wider than ${columns}: ${JSON.stringify(wide)}`]),
      ...(/NaN|undefined|Infinity|\[object/.test(plain) ? [`drawn: ${plain}`] : []),
    ]
  }
}
