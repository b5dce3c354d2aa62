import {expect, test} from 'vitest'
import {zoneNamed} from '../../../src/services/time/zone.ts'

test('a zone is local, UTC or an IANA name in any case', () => {
  expect(['utc', 'UTC', 'asia/tokyo', 'Europe/Berlin', ' Europe/Berlin '].map(zoneNamed)).toEqual([
    'UTC',
    'UTC',
    'Asia/Tokyo',
    'Europe/Berlin',
    'Europe/Berlin',
  ])
  expect(zoneNamed('local')).toBe(zoneNamed(zoneNamed('local')))
})

test.each([
  [
    'Tokyo',
    'Tokyo is not a time zone',
    'Did you mean Asia/Tokyo? Give local, UTC or an IANA name such as Europe/Berlin.',
  ],
  [
    'new york',
    'new york is not a time zone',
    'Did you mean America/New_York? Give local, UTC or an IANA name such as Europe/Berlin.',
  ],
  ['CEST', 'CEST is not a time zone', 'Give local, UTC or an IANA name such as Europe/Berlin.'],
  ['', 'The time zone is empty', 'Give local, UTC or an IANA name such as Europe/Berlin.'],
])('%j is refused with the nearest names', (text, message, hint) => {
  expect(() => zoneNamed(text)).toThrow(expect.objectContaining({message, hint, exitCode: 2}))
})
