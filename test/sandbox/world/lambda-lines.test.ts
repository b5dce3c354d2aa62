import {expect, test} from 'vitest'
import {failedInitLine, initEndLines, initStartLine} from '../../../src/sandbox/world/lambda-lines.ts'
import {inventory} from '../../../src/sandbox/world/larder/checkout.ts'

const at = Date.UTC(2026, 10, 20, 14)

test('JSON lines tell of each init how its environment was made: spill-over is made on demand', () => {
  const definition = {...inventory, logFormat: 'JSON', provisionedConcurrency: 4} as const
  const typesOf = (isPrepared: boolean, of: typeof definition | typeof inventory = definition) =>
    [initStartLine(of, '17', 'eu-west-1', {at, isPrepared}) ?? '', ...initEndLines(of, 240.5, {at, isPrepared})].map(
      line => (JSON.parse(line) as {record: {initializationType: string}}).record.initializationType,
    )
  expect(typesOf(true)).toEqual(['provisioned-concurrency', 'provisioned-concurrency', 'provisioned-concurrency'])
  expect(typesOf(false)).toEqual(['on-demand', 'on-demand', 'on-demand'])
  // what Lambda makes ahead of time is no provisioned concurrency
  const {provisionedConcurrency: _, ...proactive} = definition
  expect(typesOf(true, proactive)).toEqual(['on-demand', 'on-demand', 'on-demand'])
  expect(typesOf(true, {...definition, snapStart: true})).toEqual(['snap-start', 'snap-start', 'snap-start'])
  const failed = failedInitLine(definition, 240.5, 'invoke', 'Error', at)
  expect(JSON.parse(failed)).toMatchObject({record: {initializationType: 'on-demand', status: 'error'}})
})
