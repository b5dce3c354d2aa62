import {isKnown, type Known} from '../../../known.ts'
import {isQueue} from '../facts/arns.ts'
import type {EventSource, Facts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'

/** The queues that take what a function failed at, and how many messages wait in them. */
export type DeadLetters = {
  /** null: there is no such queue */
  readonly waiting: Known<number | null>
  readonly queues: readonly string[]
}

type Asked = {
  readonly eventSources: Known<ReadonlyMap<string, readonly EventSource[]>>
  /** events come in asynchronously, as far as it is known: then its event invoke configuration is asked for */
  readonly isAsync: boolean
}

/**
 * Counts the messages of a function's dead-letter queues: its DeadLetterConfig, the destination of failed asynchronous
 * events, and where the queues it reads send what was received too often. Topics and other destinations keep no messages.
 */
export async function deadLettersOf(
  facts: Facts,
  fn: FleetFunction,
  {eventSources, isAsync}: Asked,
): Promise<DeadLetters> {
  const asyncConfig = isAsync ? await facts.asyncConfig(fn) : {value: null}
  const sources = isKnown(eventSources) ? (eventSources.value.get(fn.name) ?? []) : []
  const read = await Promise.all(
    [...new Set(sources.map(({sourceArn}) => sourceArn).filter(isQueue))].map(arn => facts.queue(arn)),
  )
  const redriven = read.map(queue => (isKnown(queue) ? (queue.value?.deadLetterArn ?? null) : null))
  const onFailure = isKnown(asyncConfig) ? (asyncConfig.value?.onFailureArn ?? null) : null
  const queues = [...new Set([fn.deadLetterArn, onFailure, ...redriven].filter(isQueue))]
  const counted = await Promise.all(queues.map(arn => facts.queue(arn)))
  const asked: readonly Known<unknown>[] = [asyncConfig, eventSources, ...read, ...counted]
  const unknown = asked.find(known => 'unknown' in known)
  if (unknown && 'unknown' in unknown) return {waiting: unknown, queues}
  const waiting = counted.map(queue => (isKnown(queue) ? (queue.value?.visible ?? 0) : 0))
  return {waiting: {value: queues.length === 0 ? null : waiting.reduce((a, b) => a + b, 0)}, queues}
}
