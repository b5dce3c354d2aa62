import {describe, expect, test} from 'vitest'
import {checkTargets, inRegionOf, traceOptionsFrom} from '../../src/flags/trace.ts'

const none = {logs: false, unfold: false, interactive: false, redact: false}

describe('the flags of trace', () => {
  test('mean the trace as it is, without secrets, kept nowhere', () => {
    expect(traceOptionsFrom(none)).toEqual({
      logs: false,
      unfolded: false,
      interactive: false,
      redaction: 'secrets',
      diff: null,
      out: null,
    })
  })

  test.each(['json', 'md', 'svg', 'SVG'])('--out trace.%s is a format that is known', format => {
    expect(traceOptionsFrom({...none, out: `trace.${format}`}).out?.format).toBe(format.toLowerCase())
  })

  test.each([
    [{...none, out: 'trace.png'}, '--out trace.png: slsops does not know this kind of file'],
    [{...none, diff: ' '}, '--diff is empty'],
    [{...none, diff: 'x', out: 'a.svg'}, '--out: there is no picture of a comparison'],
  ])('what cannot be meant is exit 2', (flags, message) => {
    expect(() => traceOptionsFrom(flags)).toThrow(expect.objectContaining({message, exitCode: 2}))
  })

  test('the region of a console link is used where none is asked for', () => {
    expect(inRegionOf({}, 'us-east-1')).toEqual({region: ['us-east-1']})
    expect(inRegionOf({region: ['eu-west-1']}, 'us-east-1')).toEqual({region: ['eu-west-1']})
    expect(inRegionOf({}, null)).toEqual({})
  })
})

test('a second id is no target, and leads to --diff', () => {
  expect(() => checkTargets(['checkout-*', '1-68bd7023-5759e988bd862e3fe1be46a9'])).toThrow(
    expect.objectContaining({exitCode: 2, hint: expect.stringContaining('--diff')}),
  )
  expect(() => checkTargets(['checkout-*', '/ecs/payments'])).not.toThrow()
})
