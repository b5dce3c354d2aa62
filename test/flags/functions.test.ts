import {describe, expect, test} from 'vitest'
import {type FunctionsFlags, functionsOptionsFrom} from '../../src/flags/functions.ts'

const none: FunctionsFlags = {deprecated: false, 'near-limit': false, failing: false}
const options = (flags: Partial<FunctionsFlags>) => functionsOptionsFrom({...none, ...flags})

test('of what has ended alone, what ended first is first; else trouble is', async () => {
  expect((await options({deprecated: true})).sorting).toEqual({field: 'ends', order: 'asc'})
  expect((await options({deprecated: true, failing: true})).sorting).toBeNull()
  expect((await options({deprecated: true, sort: 'code'})).sorting).toEqual({field: 'code', order: 'desc'})
})

test('without flags all functions are meant, trouble first, with as many columns as there is room for', async () => {
  expect(await options({})).toMatchObject({
    runtime: null,
    deprecated: false,
    nearLimit: false,
    failing: false,
    sorting: null,
    columns: null,
    by: null,
    memory: null,
    out: null,
  })
})

test.each([
  ['invocations', 'invocations', 'desc'],
  ['function', 'function', 'asc'],
  ['ends', 'ends', 'asc'],
  ['Memory:asc', 'memory', 'asc'],
  ['stack:desc', 'stack', 'desc'],
])('--sort %s is by %s, %s', async (sort, field, order) => {
  expect((await options({sort})).sorting).toEqual({field, order})
})

test('--columns keeps its order, each column once', async () => {
  expect((await options({columns: 'errors, function,errors,TAGS'})).columns).toEqual(['errors', 'function', 'tags'])
})

test.each([
  ['stack', {by: 'stack'}],
  ['runtime', {by: 'runtime'}],
  ['tag:team', {by: 'tag', key: 'team'}],
  ['tag:aws:cloudformation:stack-name', {by: 'tag', key: 'aws:cloudformation:stack-name'}],
] as const)('--by %s', async (by, expected) => {
  expect((await options({by})).by).toEqual(expected)
})

describe('what cannot be meant is wrong usage, and says what can', () => {
  test.each([
    [{sort: 'size'}, 'there is no column size'],
    [{sort: ''}, 'a column is empty'],
    [{sort: 'errors:down'}, '--sort errors:down is no order'],
    [{sort: 'errors:asc:desc'}, 'is no order'],
    [{sort: 'constructor'}, 'there is no column constructor'],
    [{columns: ''}, 'a column is empty'],
    [{columns: 'function,,errors'}, 'a column is empty'],
    [{by: 'region'}, '--by region is no grouping'],
    [{by: 'tag:'}, '--by tag: is no grouping'],
    [{runtime: ' '}, '--runtime is empty'],
    [{runtime: 'nodejs{20'}, 'left open'],
    [{out: 'fleet.xlsx'}, 'does not know this kind of file'],
    [{'runtime-table': '/nowhere.json'}, 'cannot be read'],
  ] satisfies (readonly [Partial<FunctionsFlags>, string])[])('%j', async (flags, message) => {
    await expect(options(flags)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.any(String),
    })
  })
})
