import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import {parseDocument} from '../../../src/services/traces/parse-document.ts'
import type {FetchedTrace} from '../../../src/services/traces/span.ts'
import type {Trace} from '../../../src/services/traces/trace.ts'
import {faultsOf} from './check-trace.ts'
import {testTraceId} from './documents.ts'
import {mutatedTraces} from './mutated-documents.ts'

type Fuzzed = {
  readonly documents: number
  readonly spans: number
  readonly nodes: number
  readonly unreadable: number
  /** with the documents they came of; empty is what is hoped for */
  readonly faults: readonly string[]
}

/**
 * Reads and assembles traces of mutated documents until there were so many.
 * @param check what else is wrong with a trace
 */
export function fuzz(documents: number, seed: number, check: (trace: Trace) => readonly string[] = () => []): Fuzzed {
  const tally = {documents: 0, spans: 0, nodes: 0, unreadable: 0}
  const faults: string[] = []
  for (const jsons of mutatedTraces(seed)) {
    if (tally.documents >= documents || faults.length > 20) break
    tally.documents += jsons.length
    try {
      const parsed = jsons.map(json => parseDocument(json))
      const fetched: FetchedTrace = {
        id: testTraceId,
        source: 'xray',
        isLimitExceeded: false,
        spans: parsed.flatMap(({spans}) => spans),
        problems: parsed.flatMap(({problems}) => problems),
      }
      const trace = assembleTrace(fetched)
      tally.spans += fetched.spans.length
      tally.nodes += trace.nodes.length
      tally.unreadable += parsed.filter(({spans}) => spans.length === 0).length
      for (const fault of [...faultsOf(trace, fetched), ...check(trace)]) faults.push(`${fault}: ${brief(jsons)}`)
    } catch (error) {
      faults.push(`${error instanceof Error ? error.stack : error}: ${brief(jsons)}`)
    }
  }
  return {...tally, faults}
}

function brief(jsons: readonly string[]): string {
  const text = JSON.stringify(jsons)
  return text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text
}
