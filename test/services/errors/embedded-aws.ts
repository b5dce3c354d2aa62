import {onTestFinished} from 'vitest'
import {bootSandbox} from '../../../src/sandbox/boot.ts'
import {type Aws, connect} from '../../../src/services/aws/connect.ts'

/** When the embedded AWS is used first in these tests; time passes only while somebody sleeps. */
export const now = Date.parse('2026-11-20T14:07:11Z')

/** A way to the embedded AWS for the length of a test. */
export async function embeddedAws(): Promise<Aws> {
  let passed = 0
  const clock = {
    now: () => now + passed,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      passed += ms
    },
  }
  const sandbox = await bootSandbox({directory: null, now: clock.now})
  onTestFinished(() => sandbox.close())
  const aws = await connect({
    profile: null,
    region: sandbox.region,
    sandboxUrl: sandbox.url,
    userAgent: 'test',
    clock,
    random: () => 0.5,
  })
  onTestFinished(() => aws.close())
  return aws
}
