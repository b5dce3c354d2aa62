import type {Aws} from '../../aws/connect.ts'
import {noClients} from '../../aws/no-clients.ts'
import type {Scope} from '../../aws/scope.ts'

/** The connection of what is replayed: to nothing. Whatever is asked of it is a bug. */
export function noAws(scope: Scope): Aws {
  const why = 'a replay asks nothing of AWS'
  const nothing = (): Promise<never> => Promise.reject(new Error(why))
  return {
    scope,
    foreignOrigins: [],
    budget: {
      read: nothing,
      write: nothing,
      spare: () => 0,
      numbers: () => ({calls: 0, throttles: 0, retries: 0, ratePerSecond: 0}),
      total: () => ({calls: 0, throttles: 0, retries: 0}),
    },
    clock: {now: () => 0, sleep: nothing},
    ...noClients(why),
  }
}
