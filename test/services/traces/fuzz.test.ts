import {expect, test} from 'vitest'
import {cases} from '../../fuzz.ts'
import {fuzz} from './fuzzing.ts'

// bench/fuzz-traces.ts makes it 100,000
const {seed, numRuns} = cases(6_000)

test('mutated documents are read and assembled, whatever has become of them', () => {
  const {documents, spans, unreadable, faults} = fuzz(numRuns, seed)
  expect(faults).toEqual([])
  expect(spans).toBeGreaterThan(documents)
  expect(unreadable).toBeGreaterThan(0)
})
