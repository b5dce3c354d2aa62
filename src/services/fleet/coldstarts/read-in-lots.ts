import type {LogSource} from '../../logs/source.ts'
import {addPages, createTally, type Tally} from '../../logs/tally.ts'
import type {Gap} from '../../receipt.ts'
import {type ReadInits, type ReadInitsOptions, readInits} from './read-inits.ts'

/** log groups that are read as one: of each a page waits in memory, for lines are told in the order of time */
const groupsInLot = 250
/** so that one large group does not hold up the others */
const lotsAtATime = 4

/** A read of inits that has begun, or will: what it has come to so far. */
export type LotsReading = {
  readonly inits: ReadInits
  /** of all log groups, as far as they were read */
  tally(): Tally
  /** Rejects where the read is broken off; what has come is there. */
  run(onNotice: (notice: string) => void): Promise<void>
}

/**
 * Reads the inits of many log groups, some hundreds of them at a time: the order of time matters within a log stream only.
 * Where it is broken off, `readTo` tells up to when all was read, if there was one lot; else groups of lots that did not come to
 * their end are gaps.
 */
export function readInLots(options: ReadInitsOptions, signal: AbortSignal): LotsReading {
  const {sources, onRequest} = options
  // requests are told in the order of time, whatever their group
  const size = onRequest === undefined ? groupsInLot : Math.max(1, sources.length)
  const lots = Array.from({length: Math.max(1, Math.ceil(sources.length / size))}, (_, i) =>
    sources.slice(i * size, (i + 1) * size),
  )
  const inits: ReadInits = {met: [], open: [], uncountable: new Map(), readTo: options.start}
  const underWay = new Set<ReturnType<typeof readInits>>()
  const left = new Set(lots)
  let ended = createTally(sources.length)

  return {
    inits,
    tally: () => [...underWay].reduce((sum, {tally}) => added(sum, tally), ended),
    async run(onNotice) {
      const told = new Set<string>()
      const once = (notice: string): void => {
        if (!told.has(notice)) onNotice(notice)
        told.add(notice)
      }
      const queue = lots.values()
      const work = async (): Promise<void> => {
        for (const lot of queue) {
          signal.throwIfAborted()
          await readLot(lot, once)
        }
      }
      const outcomes = await Promise.allSettled(Array.from({length: lotsAtATime}, work))
      if (lots.length > 1) {
        ended = {...ended, gaps: [...ended.gaps, ...[...left].flatMap(lot => lot.map(interruptedGap))]}
        inits.readTo = null
      }
      const broken = outcomes.find(outcome => outcome.status === 'rejected')
      if (broken) throw broken.reason
    },
  }

  async function readLot(lot: LogSource[], onNotice: (notice: string) => void): Promise<void> {
    const reading = readInits({...options, sources: lot}, signal)
    underWay.add(reading)
    try {
      await reading.run(onNotice)
      left.delete(lot)
    } finally {
      underWay.delete(reading)
      ended = added(ended, reading.tally)
      for (const init of reading.inits.met) inits.met.push(init)
      for (const open of reading.inits.open) inits.open.push(open)
      for (const [arn, why] of reading.inits.uncountable) inits.uncountable.set(arn, why)
      inits.readTo = reading.inits.readTo
    }
  }
}

const interruptedGap = ({logGroup, scope}: LogSource): Gap => ({
  what: logGroup,
  account: scope.account,
  region: scope.region,
  reason: 'interrupted',
})

function added(all: Tally, part: Tally): Tally {
  const sum: Tally = {
    ...all,
    answered: all.answered + part.answered,
    complete: all.complete + part.complete,
    missing: all.missing + part.missing,
    events: all.events + part.events,
    late: all.late + part.late,
    gaps: [...all.gaps, ...part.gaps],
    ...(all.insights && {insights: {...all.insights}}),
  }
  addPages(sum, part)
  return sum
}
