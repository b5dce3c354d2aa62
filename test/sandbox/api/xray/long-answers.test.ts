import {GetGroupsCommand, GetServiceGraphCommand, GetTraceSummariesCommand, XRayClient} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import {makeWorld, noon} from '../../hand-made-world.ts'
import {serve} from '../../running.ts'
import {ago, segment, traceId} from './asking.ts'

const slotSeconds = 600
const slots = 36
const perSlot = 200

const segments = Array.from({length: slots * perSlot}, (_, i) => {
  const secondsAgo = Math.floor(i / perSlot) * slotSeconds + (i % perSlot) + 1
  return segment({trace_id: traceId(secondsAgo), start_time: ago(secondsAgo)})
})

const windowFrom = (ms: number) => ({StartTime: new Date(ms), EndTime: new Date(noon)})
const sixHours = windowFrom(noon - slots * slotSeconds * 1000)
const halfHour = windowFrom(noon - 30 * 60_000)

/** A server that tells of each time traces are looked at. */
async function watched(look: (from: number) => void) {
  const world = makeWorld({segments})
  const traces: typeof world.traces = (from, to) => {
    look(from)
    return world.traces(from, to)
  }
  const {connect} = await serve({}, {world: {...world, traces}})
  return connect(XRayClient)
}

describe('while an answer is made of many traces', () => {
  test.each([
    ['GetServiceGraph', new GetServiceGraphCommand(sixHours)],
    ['GetTraceSummaries', new GetTraceSummariesCommand({...halfHour, TimeRangeType: 'Event'})],
  ])('others are answered: %s', async (_, command) => {
    const answered: string[] = []
    const other = Promise.withResolvers<void>()
    let isAsked = false
    const client = await watched(() => {
      if (isAsked) return
      isAsked = true
      client.send(new GetGroupsCommand({})).then(() => {
        answered.push('other')
        other.resolve()
      }, other.reject)
    })
    await client.send(command as GetServiceGraphCommand)
    answered.push('long')
    await other.promise
    expect(answered).toEqual(['other', 'long'])
  })

  test('it ends when its client is gone', async () => {
    const gone = new AbortController()
    const looks = {ofGone: 0, ofOther: 0}
    const otherFrom = sixHours.StartTime.getTime() + 1
    const client = await watched(from => {
      if ((from - otherFrom) % (slotSeconds * 1000) === 0) looks.ofOther++
      else if (looks.ofGone++ === 0) gone.abort()
    })
    await expect(client.send(new GetServiceGraphCommand(sixHours), {abortSignal: gone.signal})).rejects.toThrow('abort')
    // as long, and begun later: it ends after what has not ended before
    await client.send(new GetServiceGraphCommand(windowFrom(otherFrom)))
    expect(looks.ofOther).toBe(slots)
    expect(looks.ofGone).toBeLessThan(slots)
  })
})
