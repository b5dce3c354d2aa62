import {describe, expect, it} from 'vitest'
import {UserError} from '../../src/errors.ts'
import {errorText} from '../../src/ui/error-text.ts'
import {terminal} from './events.ts'

describe('an error', () => {
  const error = new UserError('no function matches chekout-api', {
    hint: 'did you mean checkout-api or checkout-worker?',
    requestId: 'aws-1',
  })

  it('says what failed and what to do next', () => {
    expect(errorText(error, terminal(80), false)).toBe(
      '✗ no function matches chekout-api\n  did you mean checkout-api or checkout-worker?\n',
    )
  })
  it('has a plain twin', () => {
    expect(errorText(error, terminal(80, {unicode: false}), false)).toContain('FAIL no function matches')
  })
  it('wraps on a narrow terminal and nowhere else', () => {
    expect(errorText(error, terminal(40), false)).toMatchInlineSnapshot(`
      "✗ no function matches chekout-api
        did you mean checkout-api or
        checkout-worker?
      "
    `)
    expect(errorText(error, terminal(40, {isTTY: false}), false)).toHaveLength(82)
  })
  it("shows AWS's request id and the stacks only with --debug", () => {
    const caused = new UserError('denied', {requestId: 'aws-1', cause: new TypeError('inner')})
    expect(errorText(caused, terminal(200), false)).toBe('✗ denied\n')
    const debugged = errorText(caused, terminal(200), true)
    expect(debugged).toContain('  AWS request id aws-1\n  UserError: denied\n')
    expect(debugged).toContain('  caused by TypeError: inner\n')
  })
  it('T35 does not pass on what a server smuggled into its message', () => {
    expect(errorText(new UserError('AWS said \x1b[2J\u202ehi'), terminal(80), false)).toBe(
      '✗ AWS said ^[[2J<U+202E>hi\n',
    )
  })
  it('that nobody meant is a bug, and says so', () => {
    expect(errorText(new TypeError('x is not a function'), terminal(80), false)).toMatchInlineSnapshot(`
      "✗ slsops has a bug: TypeError: x is not a function
        Please report it, with what --debug shows.
      "
    `)
    expect(errorText('thrown text', terminal(80), false)).toContain('slsops has a bug: thrown text')
  })
})
