import {parseArgs} from 'node:util'
import {errorTally} from '../src/services/errors/error-tally.ts'
import {readMeaning} from '../src/services/logs/message.ts'
import {errorEvents} from './error-events.ts'

/**
 * How fast and in how much memory errors are clustered, beside the floor: the same events, each understood by itself and
 * nothing more. The events are made as they are needed, as they would be read; making them is in both.
 */
const {values} = parseArgs({
  options: {events: {type: 'string', default: '100000'}, rounds: {type: 'string', default: '5'}},
})
const count = Number(values.events)

const clustered: number[] = []
const floor: number[] = []
let kinds = 0
for (let round = 0; round < Number(values.rounds); round++) {
  floor.push(
    timed(() => {
      for (const events of errorEvents(count)) for (const {message} of events) readMeaning(message)
    }),
  )
  clustered.push(
    timed(() => {
      const tally = errorTally({level: 'ERROR', buckets: 24, sideOf: () => ({is: 'now', bucket: 0})})
      for (const events of errorEvents(count)) tally.push(events)
      tally.flush()
      const groups = tally.counter.groups()
      const counted = groups.reduce((sum, {leaf}) => sum + leaf.now, 0)
      if (counted !== count) throw new Error(`${counted} of ${count} errors were counted`)
      kinds = groups.length
    }),
  )
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const [ms, floorMs] = [median(clustered), median(floor)]
console.log(`${count.toLocaleString('en')} errors of ${kinds} kinds, ${values.rounds} rounds: median
  clustered          ${Math.round(ms)} ms cpu
  floor              ${Math.round(floorMs)} ms cpu, to make and to understand them
  clustered ÷ floor  ${(ms / floorMs).toFixed(2)}
  peak RSS           ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)

function timed(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const {user, system} = process.cpuUsage(before)
  return (user + system) / 1_000
}
