import {parseArgs} from 'node:util'
import {soak} from '../test/services/logs/reader/soaking.ts'

/**
 * What test/services/logs/reader/soak.test.ts plays for a few seeds, for many: follows log groups for ten troubled minutes of
 * a made-up clock and compares with the truth. Ends with 1 and the seeds that failed.
 */
const {values} = parseArgs({
  options: {
    seeds: {type: 'string', default: '100'},
    from: {type: 'string', default: '1000'},
    groups: {type: 'string', default: '60'},
    by: {type: 'string', default: 'sweeps,live'},
  },
})

const first = Number(values.from)
const last = first + Number(values.seeds) - 1
const groups = Number(values.groups)

for (const by of values.by.split(',')) {
  if (by !== 'sweeps' && by !== 'live') throw new Error(`--by is sweeps or live, not ${by}`)
  const failing: number[] = []
  let events = 0
  let late = 0
  for (let seed = first; seed <= last; seed++) {
    const {followed, faults} = await soak({groups, seed, by}).catch(error => failed(error))
    events += followed?.tally.events ?? 0
    late += followed?.tally.late ?? 0
    if (faults.length === 0) continue
    failing.push(seed)
    console.log([`seed ${seed} by ${by}:`, ...faults].join('\n  '))
  }
  const outcome = failing.length === 0 ? 'nothing lost, doubled or out of order' : `failing: ${failing.join(' ')}`
  console.log(
    `${by}, seeds ${first}–${last}: ${events.toLocaleString('en')} events, ${late.toLocaleString('en')} late: ${outcome}`,
  )
  if (failing.length > 0) process.exitCode = 1
}

/** A read that ends by itself, or never, is a fault as well. */
function failed(error: unknown): {readonly followed: null; readonly faults: readonly string[]} {
  return {followed: null, faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)]}
}
