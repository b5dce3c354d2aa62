import {InvokeCommand, type InvokeCommandInput, type InvokeCommandOutput, LambdaClient} from '@aws-sdk/client-lambda'
import type {ServeOptions} from '../../../../src/sandbox/server.ts'
import {larderServer} from '../larder-server.ts'

/** The default company whose time goes on by what invocations take, and a client that invokes. */
export async function invoking(options: Omit<Partial<ServeOptions>, 'world'> = {}) {
  let clock = {at: 0}
  const server = await larderServer({
    liveTick: async ms => {
      clock.at += ms
    },
    ...options,
  })
  clock = server.clock
  const lambda = server.connect(LambdaClient)
  const invoke = async (FunctionName: string, input: Omit<Partial<InvokeCommandInput>, 'FunctionName'> = {}) =>
    told(await lambda.send(new InvokeCommand({FunctionName, LogType: 'Tail', ...input})))
  return {...server, lambda, invoke}
}

/** An answer with its parts as they are read. */
function told({$metadata, StatusCode, ExecutedVersion, FunctionError, Payload, LogResult}: InvokeCommandOutput) {
  const text = !Payload ? '' : Buffer.from(Payload).toString()
  return {
    requestId: $metadata.requestId,
    status: StatusCode,
    version: ExecutedVersion,
    error: FunctionError,
    payload: text === '' ? undefined : JSON.parse(text),
    log: LogResult === undefined ? undefined : Buffer.from(LogResult, 'base64').toString(),
  }
}

/** A number of a text REPORT. */
export function reported(log: string | undefined, field: string): number | undefined {
  const found = new RegExp(`(?:^|\\t)${field}: ([\\d.]+)`, 'm').exec(log ?? '')?.[1]
  return found === undefined ? undefined : Number(found)
}
