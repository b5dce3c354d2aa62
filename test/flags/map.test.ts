import {expect, test} from 'vitest'
import {mapOptionsFrom} from '../../src/flags/map.ts'

test('the kind of file follows from its extension', () => {
  for (const format of ['svg', 'dot', 'json', 'md'])
    expect(mapOptionsFrom({errors: false, out: `a.b/map.${format.toUpperCase()}`}).out).toMatchObject({format})
  for (const out of ['map', 'map.png', '', '.svg.', 'svg'])
    expect(() => mapOptionsFrom({errors: false, out})).toThrowError(expect.objectContaining({exitCode: 2}))
})

test('without flags all is shown, as many rows as one looks at', () => {
  expect(mapOptionsFrom({errors: false})).toEqual({isUnhealthyOnly: false, limit: null, out: null})
})
