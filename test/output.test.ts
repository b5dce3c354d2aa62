import {Writable} from 'node:stream'
import {setImmediate} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {createOutput} from '../src/output.ts'

/** A reader that takes nothing until told to. */
function slowReader() {
  const taken: string[] = []
  let go: (() => void) | null = null
  const stream = new Writable({
    highWaterMark: 1024,
    decodeStrings: false,
    write(chunk: string, _, done) {
      taken.push(chunk)
      go = done
    },
  })
  return {stream, taken, read: () => go?.()}
}

const never = () => new AbortController().signal

describe('output', () => {
  test('small texts go together, once there is nothing else to do', async () => {
    const {stream, taken} = slowReader()
    const output = createOutput(stream, never(), never())
    for (const text of ['a', 'b', 'c']) await output.write(text)
    expect(taken).toEqual([])
    await setImmediate()
    expect(taken).toEqual(['abc'])
  })

  test('T44 a reader that stops holds the writer back, however small the texts', async () => {
    const {stream} = slowReader()
    const output = createOutput(stream, never(), never())
    let written = 0
    const writing = (async () => {
      for (; written < 10_000; written++) {
        await output.write('x'.repeat(1000))
        if (written % 10 === 0) await setImmediate()
      }
    })()
    for (let i = 0; i < 500; i++) await setImmediate()
    expect(written).toBeLessThan(200)
    expect(stream.listenerCount('drain')).toBe(1)
    void writing
  })

  test('a writer goes on when the reader does', async () => {
    const {stream, taken, read} = slowReader()
    const output = createOutput(stream, never(), never())
    const text = 'x'.repeat(70_000)
    const first = output.write(text)
    const second = output.write('y')
    await setImmediate()
    read()
    await Promise.all([first, second])
    const flushed = output.flush()
    await setImmediate()
    read()
    await flushed
    expect(taken.join('')).toBe(`${text}y`)
  })

  test('nobody waits for a reader once there is a hurry, or the reader is gone', async () => {
    for (const which of ['closed', 'hurry'] as const) {
      const stop = new AbortController()
      const {stream} = slowReader()
      const output = createOutput(
        stream,
        which === 'closed' ? stop.signal : never(),
        which === 'hurry' ? stop.signal : never(),
      )
      const blocked = output.write('x'.repeat(70_000))
      stop.abort()
      await blocked
      await output.write('y')
      await output.flush()
    }
  })
})
