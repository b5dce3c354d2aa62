import type {Aws} from './connect.ts'

type Clients = Omit<Aws, 'scope' | 'foreignOrigins' | 'budget' | 'clock'>

/** Clients of which there are none: whichever is asked for, the asking rejects with `why`. */
export function noClients(why: string): Clients {
  const nothing = (): Promise<never> => Promise.reject(new Error(why))
  return {
    logs: nothing,
    lambda: nothing,
    invoker: nothing,
    sts: nothing,
    cloudFormation: nothing,
    tagging: nothing,
    cloudWatch: nothing,
    codeDeploy: nothing,
    account: nothing,
    xray: nothing,
    sqs: nothing,
    eventBridge: nothing,
    scheduler: nothing,
    pricing: nothing,
    close() {},
  }
}
