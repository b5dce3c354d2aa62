import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {LambdaClient} from '@aws-sdk/client-lambda'
import {onTestFinished} from 'vitest'
import {serveAws} from '../../../src/sandbox/server.ts'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {connectedTo} from '../connected.ts'

export const region = 'eu-west-1'

/** The company of the embedded AWS, in its incident: checkout-api:live has served 42 since some minutes ago, and 41 before. */
export async function larder() {
  const now = Date.now
  const state = await openState({directory: null, now, seed: 1})
  const world = createWorld({seed: 1, now, company: 'larder', settlingMs: 60, state})
  const server = await serveAws({world})
  const journals = await mkdtemp(join(tmpdir(), 'slsops-journals-'))
  const aws = await connectedTo({region, url: server.url})
  const credentials = {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'}
  const client = new LambdaClient({region, endpoint: server.url, credentials})
  onTestFinished(async () => {
    aws.close()
    client.destroy()
    await server.close()
    await rm(journals, {recursive: true, force: true})
  })
  return {aws, client, journals, now: now()}
}

/** The same way, on which CloudWatch is never to be asked for anything. */
export const withoutMetrics = (aws: Aws): Aws => ({
  ...aws,
  cloudWatch() {
    throw new Error('CloudWatch was asked')
  },
})
