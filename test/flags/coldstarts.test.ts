import {describe, expect, test} from 'vitest'
import {coldStartsOptionsFrom} from '../../src/flags/coldstarts.ts'

const flags = {by: 'function', 'since-deploy': false, sort: 'felt', engine: 'auto', yes: false} as const

describe('the flags of coldstarts', () => {
  test('leave what costs money to a quarter of a dollar, or to what --max-cost says', () => {
    expect(coldStartsOptionsFrom(flags, [])).toMatchObject({spendableUSD: 0.25, limit: null, out: null})
    expect(coldStartsOptionsFrom({...flags, 'max-cost': '$2'}, [])).toMatchObject({spendableUSD: 2})
  })

  test('a deploy is looked for of functions that are named', () => {
    expect(() => coldStartsOptionsFrom({...flags, 'since-deploy': true}, [])).toThrow(
      '--since-deploy reads every request',
    )
    expect(coldStartsOptionsFrom({...flags, 'since-deploy': true}, ['a'])).toMatchObject({sinceDeploy: true})
  })

  test('know the files that a report is kept in', () => {
    expect(coldStartsOptionsFrom({...flags, out: 'a/b.csv'}, []).out).toEqual({file: 'a/b.csv', format: 'csv'})
    expect(coldStartsOptionsFrom({...flags, out: 'b.SVG'}, []).out).toEqual({file: 'b.SVG', format: 'svg'})
    expect(coldStartsOptionsFrom({...flags, out: 'b.html'}, []).out).toEqual({file: 'b.html', format: 'html'})
    expect(() => coldStartsOptionsFrom({...flags, out: 'b.txt'}, [])).toThrow('does not know this kind of file')
  })
})
