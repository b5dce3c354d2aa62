import {PassThrough} from 'node:stream'
import {describe, expect, test} from 'vitest'
import {readInput} from '../src/read-input.ts'

describe('standard input', () => {
  test('is read to its end, whatever its pieces cut', async () => {
    const stream = new PassThrough()
    const bytes = Buffer.from('REPORT … 漢字\n')
    for (const byte of bytes) stream.write(Buffer.of(byte))
    stream.end()
    expect(await readInput(stream, new AbortController().signal)).toBe('REPORT … 漢字\n')
  })

  test('is not read on after a megabyte', async () => {
    const stream = new PassThrough()
    stream.write(Buffer.alloc(1024 * 1024 + 1))
    await expect(readInput(stream, new AbortController().signal)).rejects.toMatchObject({exitCode: 2})
    expect(stream.destroyed).toBe(true)
  })

  test('holds nothing when it is not waited for any longer', async () => {
    const stream = new PassThrough()
    const stop = new AbortController()
    const reading = readInput(stream, stop.signal)
    stop.abort(new Error('Ctrl-C'))
    await expect(reading).rejects.toThrow('Ctrl-C')
    expect(stream.destroyed).toBe(true)
  })
})
