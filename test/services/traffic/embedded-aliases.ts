import {onTestFinished} from 'vitest'
import type {ServeOptions} from '../../../src/sandbox/server.ts'
import {type Aws, connect} from '../../../src/services/aws/connect.ts'
import type {AliasRef} from '../../../src/services/traffic/alias/alias-state.ts'
import {larderServer} from '../../sandbox/api/larder-server.ts'

/** The default company behind HTTP, as slsops' own clients see it, on a clock that waiting moves. */
export async function embeddedAliases(options: Partial<ServeOptions> = {}) {
  const server = await larderServer({liveTick: async () => undefined, ...options})
  const {clock, url: sandboxUrl, world} = server
  const aws: Aws = await connect({
    profile: null,
    region: world.region,
    sandboxUrl,
    publishedQuotas: false,
    userAgent: 'slsops/test',
    clock: {
      now: () => clock.at,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted()
        clock.at += ms
      },
    },
    random: () => 0.5,
  })
  onTestFinished(() => aws.close())
  const refOf = (functionName: string): AliasRef => ({
    functionName,
    functionArn: `arn:aws:lambda:${world.region}:${world.account}:function:${functionName}`,
    alias: 'live',
  })
  return {...server, aws, refOf}
}
