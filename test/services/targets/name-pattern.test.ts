import {describe, expect, it} from 'vitest'
import {serverPattern} from '../../../src/services/targets/list-log-groups.ts'
import {literalPieces, namePattern} from '../../../src/services/targets/name-pattern.ts'

describe('a glob', () => {
  it.each([
    ['checkout-*', ['checkout-api', 'checkout-'], ['my-checkout-api', 'checkout']],
    ['*-{api,worker}', ['a-api', 'b-worker'], ['a-apix', 'api']],
    ['*-{a{b,c},d}', ['x-ab', 'x-ac', 'x-d'], ['x-a']],
    ['v?', ['v1'], ['v', 'v12']],
    ['[ab]-x', ['a-x', 'b-x'], ['c-x']],
    ['[!ab]-x', ['c-x'], ['a-x', 'b-x']],
    ['[0-9]*', ['1x'], ['x1']],
    ['*', ['a', '.a', 'a/b'], []],
    ['/aws/lambda/*', ['/aws/lambda/x', '/aws/lambda/x/y', '/aws/lambda/.x'], ['/aws/codebuild/x', 'x/aws/lambda/x']],
    ['*payments*', ['/ecs/payments', '/a/payments/b'], ['/ecs/payment']],
    ['a.b*', ['a.b', 'a.bc'], ['axb']],
    ['Checkout-*', [], ['checkout-api']],
  ])('%s matches %j and not %j', (glob, names, others) => {
    const {matches} = namePattern(glob)
    expect(names.filter(name => !matches(name))).toEqual([])
    expect(others.filter(matches)).toEqual([])
  })

  it('without wildcards matches itself only', () => {
    expect(namePattern('a.b')).toMatchObject({exact: true})
    expect(namePattern('a.b').matches('axb')).toBe(false)
  })

  it('knows the pieces that every match holds', () => {
    expect(literalPieces('/aws/{a,b-c}-x*y?[z]w')).toEqual([
      {text: '/aws/', start: true},
      {text: '-x', start: false},
      {text: 'y', start: false},
      {text: 'w', start: false},
    ])
  })
})

describe("the server's pattern for log groups", () => {
  const patternOf = (...globs: string[]): string | null => serverPattern(globs.map(namePattern))

  it('is the longest piece of each glob, as a prefix where it begins the name', () => {
    expect(patternOf('/ecs/*', '*payments*')).toBe('^/ecs/|payments')
  })

  it('keeps to 24 characters', () => {
    expect(patternOf('/aws/lambda/a-very-long-name-*')).toBe('^/aws/lambda/a-very-long-')
  })

  it('is left out where a glob has no piece of three characters, or there are more than five', () => {
    expect(patternOf('/ecs/*', '*ab*')).toBeNull()
    expect(patternOf('aaa*', 'bbb*', 'ccc*', 'ddd*', 'eee*', 'fff*')).toBeNull()
  })
})
