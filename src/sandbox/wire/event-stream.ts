import type {NormalizedSchema} from '@smithy/core/schema'
import type {MessageHeaders} from '@smithy/types'
import {stringifyJson} from './json-shapes.ts'
import {ServiceError} from './service-error.ts'

export const eventStreamType = 'application/vnd.amazon.eventstream'

/** An event as its frame and how the whole stream is opened: `{sessionStart: {…}}`. */
type StreamEvent = Readonly<Record<string, unknown>>

/**
 * The frames of an event stream: an empty initial response, without which botocore reads nothing, then one for each event.
 * A ServiceError that the events end with and the stream's model knows becomes its last frame; any other error is thrown.
 * @param union the schema of the stream's events, a member for each
 * @param contentType of the initial response
 */
export async function* eventStreamFrames(
  union: NormalizedSchema,
  events: AsyncIterable<StreamEvent>,
  contentType: string,
): AsyncGenerator<Uint8Array> {
  const [{EventStreamCodec}, {fromUtf8, toUtf8}] = await Promise.all([
    import('@smithy/core/event-streams'),
    import('@smithy/core/serde'),
  ])
  const codec = new EventStreamCodec(toUtf8, fromUtf8)
  const frame = (headers: Readonly<Record<string, string>>, body: string) =>
    codec.encode({headers: stringHeaders(headers), body: Buffer.from(body)})
  const members = new Map(union.structIterator())

  yield frame({':message-type': 'event', ':event-type': 'initial-response', ':content-type': contentType}, '{}')
  try {
    for await (const event of events) {
      for (const [name, value] of Object.entries(event)) {
        const schema = members.get(name)
        if (!schema) throw new Error(`the stream has no event ${name}`)
        const headers = {':message-type': 'event', ':event-type': name, ':content-type': 'application/json'}
        yield frame(headers, stringifyJson(schema, value))
      }
    }
  } catch (error) {
    if (!(error instanceof ServiceError && members.has(error.name))) throw error
    const headers = {
      ':message-type': 'exception',
      ':exception-type': error.name,
      ':content-type': 'application/json',
    }
    yield frame(headers, JSON.stringify({message: error.message}))
  }
}

const stringHeaders = (headers: Readonly<Record<string, string>>): MessageHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, {type: 'string', value}]))
