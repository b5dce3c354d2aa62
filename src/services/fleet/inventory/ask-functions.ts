import {isKnown, type Known} from '../../../known.ts'
import {atATime} from '../../at-a-time.ts'
import {isQueue} from '../facts/arns.ts'
import type {EventSource, Facts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {type DeadLetters, deadLettersOf} from './dead-letters.ts'
import {isLeftOut, type Measured, tooManyToAsk, type WhoIsAsked} from './who-is-asked.ts'

/** What takes a call for each function. */
export type AskedOfFunction = {readonly reserved: Known<number | null>; readonly dead: DeadLetters}

type Asking = {
  readonly facts: Facts
  readonly who: WhoIsAsked
  readonly eventSources: Known<ReadonlyMap<string, readonly EventSource[]>>
  /** how many of those that are asked have answered */
  readonly onAsked: (done: number, total: number) => void
}

/** the rate budget decides how fast calls go out */
const mostAtATime = 24
const noQueues: AskedOfFunction = {reserved: tooManyToAsk, dead: {waiting: {value: null}, queues: []}}
const notCounted: AskedOfFunction = {reserved: tooManyToAsk, dead: {waiting: tooManyToAsk, queues: []}}

/** Asks those that there is something to ask of; of 100,000 functions most have no queue, and share their answer. */
export async function askFunctions(
  measured: readonly Measured[],
  {facts, who, eventSources, onAsked}: Asking,
): Promise<ReadonlyMap<FleetFunction, AskedOfFunction>> {
  const answers = new Map<FleetFunction, AskedOfFunction>()
  const toAsk: Measured[] = []
  for (const one of measured) {
    const {fn} = one
    if (who.reserved.has(fn) || who.destinations.has(fn)) toAsk.push(one)
    else if (isLeftOut(one, who)) answers.set(fn, notCounted)
    else if (isQueue(fn.deadLetterArn) || !isKnown(eventSources) || readsQueue(eventSources.value.get(fn.name)))
      toAsk.push(one)
    else answers.set(fn, noQueues)
  }
  let done = 0
  onAsked(done, toAsk.length)
  await atATime(mostAtATime, toAsk, async one => {
    answers.set(one.fn, await asked(one))
    onAsked(++done, toAsk.length)
  })
  return answers

  async function asked(one: Measured): Promise<AskedOfFunction> {
    const [reserved, dead] = await Promise.all([
      reservedOf(one.fn),
      isLeftOut(one, who)
        ? notCounted.dead
        : deadLettersOf(facts, one.fn, {eventSources, isAsync: who.destinations.has(one.fn)}),
    ])
    return {reserved, dead}
  }

  async function reservedOf(fn: FleetFunction): Promise<Known<number | null>> {
    if (!who.reserved.has(fn)) return tooManyToAsk
    const details = await facts.details(fn)
    return isKnown(details) ? {value: details.value.reservedConcurrency} : details
  }
}

const readsQueue = (sources: readonly EventSource[] = []): boolean => sources.some(({sourceArn}) => isQueue(sourceArn))
