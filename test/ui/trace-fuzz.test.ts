import {expect, test} from 'vitest'
import {cases} from '../fuzz.ts'
import {hostileTrace} from '../services/traces/broken-traces.ts'
import {fuzz} from '../services/traces/fuzzing.ts'
import {mixedTrace, timelessTrace} from '../services/traces/traces.ts'
import {drawnFaults} from './trace-faults.ts'
import {traceOf} from './traces.ts'

// bench/fuzz-traces.ts draws 100,000
const {seed, numRuns} = cases(2_500)

test('case 33: whatever has become of the documents of a trace, it is drawn without a control character, and fits', () => {
  const {documents, faults} = fuzz(numRuns, seed, drawnFaults())
  expect(faults).toEqual([])
  expect(documents).toBeGreaterThanOrEqual(numRuns)
})

test.each([
  ['case 14', timelessTrace()],
  ['case 14', mixedTrace()],
  ['case 33', hostileTrace()],
])('%s: drawn at every width, folded or not, in colour or not', (_case, {documents}) => {
  const faults = drawnFaults()
  for (let turn = 0; turn < 60; turn++) expect(faults(traceOf(documents))).toEqual([])
})
