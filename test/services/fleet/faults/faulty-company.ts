import {setImmediate} from 'node:timers/promises'
import type {Fault} from '../../../../src/sandbox/api/faults.ts'
import {serveAws} from '../../../../src/sandbox/server.ts'
import {openState} from '../../../../src/sandbox/state.ts'
import {createWorld} from '../../../../src/sandbox/world/create-world.ts'
import {type Aws, connect} from '../../../../src/services/aws/connect.ts'
import {now} from './commands.ts'

const state = await openState({directory: null, now: () => now, seed: 20_260})
const world = createWorld({seed: 20_260, now: () => now, company: 'larder', state})

/** The embedded AWS at one moment, with these faults, and a way to it on which waiting takes no time. */
export async function company(
  faults: readonly Fault[],
): Promise<{readonly aws: Aws; readonly apis: ReadonlySet<string>; close(): Promise<void>}> {
  const server = await serveAws({world, faults})
  let waited = 0
  const clock = {
    now: () => now + waited,
    async sleep(ms: number, signal?: AbortSignal) {
      signal?.throwIfAborted()
      waited += ms
      await setImmediate()
    },
  }
  const aws = await connect({
    profile: null,
    region: world.region,
    sandboxUrl: server.url,
    userAgent: 'test',
    clock,
    random: () => 0.5,
  })
  const apis = new Set<string>()
  const {budget} = aws
  return {
    apis,
    async close() {
      aws.close()
      await server.close()
    },
    aws: {
      ...aws,
      budget: {
        ...budget,
        read(api, call, options) {
          apis.add(api)
          return budget.read(api, call, options)
        },
      },
    },
  }
}
