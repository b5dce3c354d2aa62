import {expect, test} from 'vitest'
import {spanFlags} from '../../src/ui/next-command.ts'

const now = Date.parse('2026-11-20T14:07:11.250Z')
const hour = 3_600_000

test.each([
  [{start: now - 30 * 24 * hour, end: now}, '--since 30d'],
  [{start: now - 24 * hour, end: now}, '--since 24h'],
  [{start: now - hour, end: now}, '--since 1h'],
  [{start: now - 1.5 * hour, end: now}, '--since 90m'],
  [{start: now - 90_500, end: now}, '--since 2026-11-20T14:05:40Z'],
  [{start: now - 2 * hour, end: now - hour}, '--since 2026-11-20T12:07:11Z --until 2026-11-20T13:07:11Z'],
])('%j is told a command as %s', (span, flags) => {
  expect(spanFlags(span, now)).toBe(flags)
})
