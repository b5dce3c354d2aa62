import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {interpreter} from '../../../src/services/logs/interpret.ts'
import {jsonIn} from '../../../src/services/logs/json-message.ts'
import {levels} from '../../../src/services/logs/log-event.ts'
import {readMeaning} from '../../../src/services/logs/message.ts'
import {readPrefix} from '../../../src/services/logs/text-prefix.ts'
import {anyText} from '../../any-text.ts'
import {cases} from '../../fuzz.ts'
import {line} from './events.ts'

const kinds = ['app', 'start', 'end', 'report', 'init', 'restore', 'runtime', 'extension', 'metric']

describe('T33 any text', () => {
  test('has a meaning, and one that does not depend on what was read before', () => {
    fc.assert(
      fc.property(anyText, text => {
        const meaning = readMeaning(text)
        expect(kinds).toContain(meaning.kind)
        if (meaning.level !== null) expect(levels).toContain(meaning.level)
        if (meaning.requestId !== null) expect(meaning.requestId).toMatch(/^[^ ]+$/)
        if (meaning.report)
          for (const key of ['durationMs', 'billedDurationMs', 'memorySizeMB', 'maxMemoryUsedMB'] as const)
            expect(Number.isFinite(meaning.report[key])).toBe(true)
        expect(meaning.kind === 'report').toBe(meaning.report !== undefined)
        expect(readMeaning(text)).toEqual(meaning)
      }),
      cases(1_500),
    )
  })

  test('has a prefix that lies within it, or none', () => {
    fc.assert(
      fc.property(anyText, text => {
        const prefix = readPrefix(text)
        jsonIn(text)
        if (!prefix) return
        expect(prefix.bodyAt).toBeGreaterThan(0)
        expect(prefix.bodyAt).toBeLessThanOrEqual(text.length)
        if (prefix.between !== undefined) expect(text.slice(0, prefix.bodyAt)).toContain(prefix.between)
      }),
      cases(1_000),
    )
  })

  test('is interpreted in any order, and kept as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, fc.constantFrom('s', 't')), {maxLength: 12}), lines => {
        const interpret = interpreter()
        for (const [i, [message, logStream]] of lines.entries()) {
          const sourced = line(i, message, {logStream})
          expect(interpret(sourced)).toMatchObject(sourced)
        }
      }),
      cases(300),
    )
  })
})
