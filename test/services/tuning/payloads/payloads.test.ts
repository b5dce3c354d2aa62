import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {ExitCode} from '../../../../src/errors.ts'
import {apportion, payloadTurns} from '../../../../src/services/tuning/payloads/payload-turns.ts'
import {type Payload, readPayloads} from '../../../../src/services/tuning/payloads/payloads.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slsops-payloads-'))
})
afterAll(() => rm(folder, {recursive: true, force: true}))

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}
const given = (text: string, stdin: string | null = null) => readPayloads({kind: 'argument', text, stdin}, 'checkout')
const lines = async (text: string) => readPayloads({kind: 'lines', path: await file('events.ndjson', text)}, 'checkout')
const refused = async (reading: Promise<unknown>) => {
  const error = await reading.then(
    () => null,
    error => error,
  )
  expect(error).toMatchObject({name: 'UserError', exitCode: ExitCode.usage})
  return `${error.message} — ${error.hint ?? ''}`.replaceAll(folder, 'DIR')
}

describe('a payload', () => {
  it('is {} where none is given', async () => {
    expect(await readPayloads({kind: 'none'}, 'checkout')).toEqual([{text: '{}', weight: 1}])
  })

  it('is sent as it was written', async () => {
    const text = '{"b": 1.0,\t"1": 12345678901234567890}'
    expect(await given(text)).toEqual([{text, weight: 1}])
    expect(await given(`@${await file('e.json', `\uFEFF${text}\n`)}`)).toEqual([{text: `${text}\n`, weight: 1}])
    expect(await given('-', text)).toEqual([{text, weight: 1}])
    expect(await given('"text"')).toEqual([{text: '"text"', weight: 1}])
  })

  it('that is no JSON is told with its place, and nothing of it is shown', async () => {
    const secret = await refused(given('{"token": "hunter2", x}'))
    expect(secret).toMatch(/^--payload is not JSON: .* \(column 22\) — give JSON in single quotes/)
    expect(secret).not.toContain('hunter2')
    const plain = await refused(given('hunter2'))
    expect(plain).not.toContain('hunter2')
    const path = await file('two.json', '{"a": 1}\n{"a": 2}\n')
    expect(await refused(given(`@${path}`))).toMatch(/^DIR\/two.json is not JSON: .* \(line 2, column 1\) — --payloads/)
  })

  it('that is empty, not there or too large is refused', async () => {
    expect(await refused(given(''))).toMatch(/^--payload is empty/)
    expect(await refused(given('-', ' \n'))).toMatch(/^standard input is empty/)
    expect(await refused(given('-'))).toMatch(/^standard input is empty/)
    expect(await refused(given('@'))).toMatch(/names no file/)
    expect(await refused(given(`@${folder}/none.json`))).toMatch(/cannot be read: there is no such file/)
    expect(await refused(given(`@${folder}`))).toMatch(/cannot be read: it is a folder/)
    expect(await refused(given(`"${'x'.repeat(6 * 1024 * 1024)}"`))).toMatch(/^--payload has 6,291,458 bytes/)
  })

  it('of a folder is that of the function', async () => {
    await file('checkout.json', '{"order": 1}')
    expect(await readPayloads({kind: 'folder', path: folder}, 'checkout')).toEqual([{text: '{"order": 1}', weight: 1}])
    expect(await refused(readPayloads({kind: 'folder', path: folder}, 'refund'))).toBe(
      'DIR/refund.json cannot be read: there is no such file — DIR/refund.json would hold the payload of refund',
    )
    expect(await refused(readPayloads({kind: 'folder', path: folder}, '../checkout'))).toMatch(/no file can be named/)
  })
})

describe('a file of a payload a line', () => {
  it('has blank lines passed over, and weights where they are given', async () => {
    expect(await lines('{"a":1}\r\n\n{"weight": 2.5, "payload": {"b": 1.0, "1": 99999999999999999999}}\n[1]')).toEqual([
      {text: '{"a":1}', weight: 1},
      {text: '{"b": 1.0, "1": 99999999999999999999}', weight: 2.5},
      {text: '[1]', weight: 1},
    ])
  })

  it('has a line of payload and weight alone taken for a wrapper, and every other as it stands', async () => {
    const events = ['{"payload":{"a":1}}', '{"payload":1,"weight":2,"id":3}', '{"weight":2}', 'null', '"payload"']
    expect(await lines(events.join('\n'))).toEqual(events.map(text => ({text, weight: 1})))
    const inner = '{"payload":"},{\\"","weight":"heavy"}'
    expect(await lines(`{"payload":${inner},"weight":1}`)).toEqual([{text: inner, weight: 1}])
    expect(await lines('{"\\u0070ayload":[1,{"x":"]"}],"weight":1}')).toEqual([{text: '[1,{"x":"]"}]', weight: 1}])
  })

  it('is refused with the number of the line', async () => {
    expect(await refused(lines('{}\n\n{x}\n'))).toMatch(/^line 3 of DIR\/events.ndjson is not JSON: .* \(column 2\)/)
    for (const weight of ['0', '-1', '"1"', 'null', '1e999'])
      expect(await refused(lines(`{}\n{"payload":{},"weight":${weight}}`))).toMatch(
        /^line 2 of DIR\/events.ndjson: a weight is a number above 0 — an event that has just/,
      )
    expect(await refused(lines('\n \n'))).toMatch(/holds no payload/)
    expect(await refused(lines('1\n'.repeat(10_001)))).toMatch(/more than 10,000 payloads/)
  })
})

describe('T15: turns by weight', () => {
  it.each([
    [20, 3, [7, 7, 6]],
    [54, 5, [11, 11, 11, 11, 10]],
    [100, 3, [34, 33, 33]],
    [23, 4, [6, 6, 6, 5]],
  ])('%d among %d alike', (seats, count, wanted) => {
    expect(apportion(Array(count).fill(1), seats)).toEqual(wanted)
  })

  const of = (...weights: number[]): Payload[] => weights.map(weight => ({text: '{}', weight}))
  const counts = (payloads: Payload[], n: number, random = Math.random): number[] => {
    const turn = payloadTurns(payloads, random)
    const found = payloads.map(() => 0)
    for (let i = 0; i < n; i++) {
      const place = turn(i)
      found[place] = (found[place] ?? 0) + 1
    }
    return found
  }

  it('are each payload’s once a round where all weigh the same', () => {
    for (let n = 3; n <= 30; n += 3) expect(counts(of(1, 1, 1), n)).toEqual([n / 3, n / 3, n / 3])
  })

  it('are by their weights in the long run, the light ones too', () => {
    expect(counts(of(9, 1), 100)).toEqual([90, 10])
    expect(counts(of(0.1, 0.2, 0.7), 300)).toEqual([30, 60, 210])
    expect(counts(of(1_000, 1), 2_002)).toEqual([2_000, 2])
  })

  it('come in shuffled order, which is the same for whoever asks', () => {
    const turn = payloadTurns(of(1, 1, 1, 1), () => 0)
    expect([0, 1, 2, 3].map(turn)).toEqual([1, 2, 3, 0])
    expect([3, 0, 2, 1].map(turn)).toEqual([0, 1, 3, 2])
  })

  it('of one payload are always its', () => {
    expect(counts(of(3), 5)).toEqual([5])
  })
})
