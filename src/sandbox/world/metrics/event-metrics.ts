// Events that waited for a function: asynchronous ones, and the records of streams.
import {firstAttemptOf, type History, type Touch} from '../history.ts'
import {nameOf} from '../invoked-history.ts'
import {mix, skewed} from '../random.ts'
import type {FunctionMetric, Scope} from './lambda-metrics.ts'
import {report, type Tally} from './statistics.ts'

export type EventMetricsOptions = {
  readonly history: History
  readonly touchesIn: (place: string) => readonly Touch[]
  /** whether a function takes the records of a Kinesis or DynamoDB stream */
  readonly isStreamConsumer: (functionName: string) => boolean
}

export function eventMetrics({history, touchesIn, isStreamConsumer}: EventMetricsOptions): readonly FunctionMetric[] {
  const waitedFor = (name: string) => touchesIn(name).filter(isAsynchronous)
  const received = (name: string) => waitedFor(name).filter(({via}) => via !== 'retry')
  const dropped = (name: string) => waitedFor(name).filter(isLastAttempt)
  const consumed = (name: string) => (isStreamConsumer(nameOf(name)) ? touchesIn(name) : [])

  const since =
    (touchesOf: (name: string) => readonly Touch[]) =>
    ({place, version}: Scope, from: number, to: number) =>
      touchesOf(place).some(touch => history.countAt(touch, from, to, version) > 0)
  const counted = (name: string, touchesOf: (name: string) => readonly Touch[]): FunctionMetric => ({
    name,
    applies: functionName => touchesOf(functionName).length > 0,
    reportedIn: since(touchesOf),
    tally({place, version}, from, to, into) {
      for (const touch of touchesOf(place)) report(into, 1, history.countAt(touch, from, to, version))
    },
  })
  const aged = (name: string, touchesOf: (name: string) => readonly Touch[]): FunctionMetric => ({
    name,
    applies: functionName => touchesOf(functionName).length > 0,
    reportedIn: since(touchesOf),
    tally(scope, from, to, into) {
      for (const touch of touchesOf(scope.place)) tallyAges(history, touch, scope, from, to, into)
    },
  })
  // deliveries to dead-letter queues and destinations all go well here, and no function calls itself
  const unheardOf = (name: string): FunctionMetric => ({name, applies: () => false, tally: () => undefined})
  return [
    aged('AsyncEventAge', waitedFor),
    counted('AsyncEventsDropped', dropped),
    counted('AsyncEventsReceived', received),
    unheardOf('DeadLetterErrors'),
    unheardOf('DestinationDeliveryFailures'),
    aged('IteratorAge', consumed),
    unheardOf('RecursiveInvocationsDropped'),
  ]
}

/** Whether Lambda queued the event that a run works on. */
function isAsynchronous({via, path, above}: Touch): boolean {
  if (via === 'retry') return above !== null && isAsynchronous(above)
  return via === 'event' || (via === 'start' && path.isAsynchronous)
}

/** Failed, and nobody tries again. */
function isLastAttempt({step, children}: Touch): boolean {
  return (step.outcome ?? 'ok') !== 'ok' && !children.some(({via}) => via === 'retry')
}

/** What an event or record has waited when its run starts: a moment, and what its earlier attempts took. */
function tallyAges(history: History, touch: Touch, {version}: Scope, from: number, to: number, into: Tally): void {
  const triedMs = touch.delayMs - firstAttemptOf(touch).delayMs
  history.visit(touch, from, to, (ranOn, a) => {
    if (version !== undefined && ranOn !== version) return
    report(into, Math.round(triedMs + skewed(35, 400, mix(mix(a, touch.index), 97))))
  })
}
