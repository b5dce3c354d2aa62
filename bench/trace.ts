import {parseArgs} from 'node:util'
import {assembleTrace} from '../src/services/traces/assemble-trace.ts'
import {parseDocument} from '../src/services/traces/parse-document.ts'
import {traceText} from '../src/ui/trace-text.ts'
import {wideTrace} from '../test/services/traces/wide-trace.ts'
import {clock, reader, terminal} from '../test/ui/events.ts'
import {reportOf} from '../test/ui/traces.ts'
import {spread, spreadText} from './spread.ts'

/** How long a trace of 31 documents with 765 segments and subsegments takes, from JSON to a waterfall. */
const {values} = parseArgs({options: {rounds: {type: 'string', default: '50'}}})
const {documents, fetched} = wideTrace()
const jsons = documents.map(document => JSON.stringify(document))

const first = measured()
const rounds = Array.from({length: Number(values.rounds)}, measured)
const text = (of: (round: Round) => number): string =>
  `${spreadText(spread(rounds.map(of)))}, first ${of(first).toFixed(1)}`
console.log(`${fetched.spans.length} segments and subsegments, ${values.rounds} rounds: ms, median (min–max), and the first time
  read and assembled   ${text(({assembledMs}) => assembledMs)}
  drawn                ${text(({drawnMs}) => drawnMs)}
  drawn, each a row    ${text(({unfoldedMs}) => unfoldedMs)}`)

type Round = {readonly assembledMs: number; readonly drawnMs: number; readonly unfoldedMs: number}

function measured(): Round {
  const from = performance.now()
  const spans = jsons.flatMap(json => parseDocument(json).spans)
  const trace = assembleTrace({...fetched, spans})
  const assembled = performance.now()
  const report = reportOf(trace)
  const options = {terminal: terminal(120), clock, reader, now: trace.end, logs: false}
  const folded = traceText(report, {...options, unfolded: false})
  const drawn = performance.now()
  const unfolded = traceText(report, {...options, unfolded: true})
  const unfoldedDrawn = performance.now()
  if (trace.orphans.length > 0 || folded.length >= unfolded.length) throw new Error('the trace is not one folded tree')
  return {assembledMs: assembled - from, drawnMs: drawn - assembled, unfoldedMs: unfoldedDrawn - drawn}
}
