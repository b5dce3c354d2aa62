import {parseArgs} from 'node:util'
import {fuzz} from '../test/services/traces/fuzzing.ts'
import {drawnFaults} from '../test/ui/trace-faults.ts'

/**
 * What test/services/traces/fuzz.test.ts does with some documents, with many: reads, assembles and draws traces of documents that
 * were changed at random. Ends with 1 and what was wrong.
 */
const {values} = parseArgs({
  options: {documents: {type: 'string', default: '100000'}, seed: {type: 'string', default: '1000'}},
})

const {documents, spans, nodes, unreadable, faults} = fuzz(Number(values.documents), Number(values.seed), drawnFaults())
for (const fault of faults) console.log(fault)
const count = (number: number): string => number.toLocaleString('en')
console.log(
  `seed ${values.seed}: ${count(documents)} documents, of which ${count(unreadable)} hold nothing, ${count(spans)} spans, ${count(nodes)} nodes: ${faults.length === 0 ? 'nothing wrong' : `${faults.length} faults`}`,
)
if (faults.length > 0) process.exitCode = 1
