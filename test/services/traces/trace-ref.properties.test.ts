import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {UserError} from '../../../src/errors.ts'
import {traceRefFrom} from '../../../src/services/traces/trace-ref.ts'
import {anyText} from '../../any-text.ts'
import {cases} from '../../fuzz.ts'

const now = Date.UTC(2026, 10, 20, 14)
const xrayForm = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/
const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: length, maxLength: length})
const dashed = (...lengths: readonly number[]): fc.Arbitrary<string> =>
  fc.tuple(...lengths.map(hex)).map(parts => parts.join('-'))

const traceId = dashed(8, 24).map(id => `1-${id}`)
const part = fc.oneof(
  anyText,
  traceId,
  dashed(8, 4, 4, 4, 12),
  hex(32),
  fc.nat(40).chain(hex),
  fc.constantFrom(
    'Root=',
    'Self=',
    ';Sampled=1',
    'START RequestId: ',
    'XRAY TraceId: ',
    '\n',
    '{"traceId":"',
    '"}',
    '0x',
  ),
  fc.constantFrom(
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=',
    '#logsV2:log-groups/log-group/',
    '$25',
    '%',
    '?',
  ),
)
const texts = fc.array(part, {maxLength: 8}).map(parts => parts.join(''))

describe('any text', () => {
  test('gives ids in their own forms, or is refused as wrong usage', () => {
    fc.assert(
      fc.property(texts, text => {
        try {
          const ref = traceRefFrom(text, now)
          expect(ref.traceId ?? ref.requestId).not.toBeNull()
          if (ref.traceId !== null) expect(ref.traceId).toMatch(xrayForm)
          if (ref.requestId !== null) expect(ref.requestId).toMatch(uuidForm)
          expect(Number.isFinite(ref.at ?? 0)).toBe(true)
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          expect(error.exitCode).toBe(2)
          expect(error.message.length).toBeLessThan(600)
        }
      }),
      cases(3_000),
    )
  })

  test('with a trace id in it that stands by itself names that trace', () => {
    const around = fc.constantFrom('', ' ', '\t', '"', '(', '=', '/', '\n', ': ')
    fc.assert(
      fc.property(traceId, around, around, (id, before, behind) => {
        fc.pre(/[1-9a-f]/i.test(id.slice(2)))
        expect(traceRefFrom(`${before}${id}${behind}`, now).traceId).toBe(id.toLowerCase())
      }),
      cases(500),
    )
  })
})
