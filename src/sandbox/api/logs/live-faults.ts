import {once} from 'node:events'
import {ServiceError} from '../../wire/service-error.ts'
import type {Ongoing} from '../context.ts'
import type {Fault} from '../faults.ts'

/** What goes wrong in one Live Tail session; its updates are numbered from 1. */
export type LiveFaults = {
  /** Holds an update up as its faults want it; throws when it is not to come at all. */
  readonly before: (update: number, ongoing: Ongoing) => Promise<void>
  /** how many events of an update are kept, which then says that it was sampled; undefined for an ordinary one */
  readonly kept: (update: number) => number | undefined
  /** how often an update is sent */
  readonly copies: (update: number) => number
}

export function liveFaultsOf(faults: readonly Fault[]): LiveFaults {
  return {
    async before(update, {tick, signal}) {
      for (const fault of faults) {
        if (fault.kind === 'live-delay' && isHit(fault, update)) await tick(fault.ms)
        if (!('afterUpdates' in fault) || update <= fault.afterUpdates) continue
        if (fault.kind === 'live-silence') await clientGone(signal)
        // not an error that the stream's model knows: the connection is cut
        if (fault.kind === 'live-cut') throw new Error('the session is cut')
        if (fault.kind === 'live-exception') throw new ServiceError(fault.exception, exceptionTexts[fault.exception])
      }
    },
    kept(update) {
      for (const fault of faults) if (fault.kind === 'live-sampled' && isHit(fault, update)) return fault.keep
      return undefined
    },
    copies: update => (faults.some(fault => fault.kind === 'live-duplicate' && isHit(fault, update)) ? 2 : 1),
  }
}

export const exceptionTexts = {
  SessionTimeoutException: 'The session has timed out.',
  SessionStreamingException: 'The session could not be continued.',
} as const

const isHit = ({updates}: {readonly updates?: readonly number[]}, update: number) => updates?.includes(update) ?? true

async function clientGone(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted()
  await once(signal, 'abort')
  throw signal.reason
}
