import {PassThrough} from 'node:stream'
import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import {createProgress} from '../src/progress.ts'
import {terminal} from './ui/events.ts'

const state = () => ({doing: 'listing', calls: 3, throttles: 0}) as const

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('stands on the terminal from when nothing was said for a second: until then Ctrl-C’s own sign does, and is not taken away', async () => {
  const stream = Object.assign(new PassThrough().resume(), {columns: 80, isTTY: true})
  const progress = createProgress(stream as unknown as NodeJS.WriteStream)
  progress.begin(terminal(80), state)
  await vi.advanceTimersByTimeAsync(900)
  expect(progress.isDrawn()).toBe(false)
  vi.advanceTimersByTime(200)
  vi.useRealTimers()
  await vi.waitUntil(() => progress.isDrawn())
  progress.end()
  expect(progress.isDrawn()).toBe(false)
})

it('is not drawn any more when it ended in time', async () => {
  const progress = createProgress(new PassThrough().resume() as unknown as NodeJS.WriteStream)
  progress.begin(terminal(80), state)
  progress.end()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(progress.isDrawn()).toBe(false)
})

it('what it gave way to counts as drawn until that is gone', () => {
  const progress = createProgress(process.stderr)
  const gone = progress.giveWay()
  progress.end()
  expect(progress.isDrawn()).toBe(true)
  gone()
  expect(progress.isDrawn()).toBe(false)
})
