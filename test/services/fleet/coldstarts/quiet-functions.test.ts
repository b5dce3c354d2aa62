import {expect, test} from 'vitest'
import {quietFunctions} from '../../../../src/services/fleet/coldstarts/quiet-functions.ts'
import type {FleetFunction} from '../../../../src/services/fleet/fleet-function.ts'
import {deniedTo, type FakeAccountOptions, fakeAccount, now, ongoing} from '../fake-account.ts'
import {fleetFunction} from '../inventory/inventories.ts'

const day = 86_400_000

function fleet(count: number, answers: FakeAccountOptions['answers']) {
  const aws = fakeAccount({answers})
  const functions = Array.from({length: count}, (_, i): FleetFunction => ({...fleetFunction(`fn-${i}`), aws}))
  return {aws, functions}
}

const listing = {
  ListMetrics: () => ({Metrics: [{Dimensions: [{Name: 'FunctionName', Value: 'fn-7'}]}]}),
}

test('of a large fleet, what CloudWatch does not list as invoked is quiet', async () => {
  const {aws, functions} = fleet(201, listing)
  const quiet = await aws.fakeClock.outcome(quietFunctions(functions, {start: now - day, now}, ongoing()))
  expect(functions.filter(fn => !quiet.has(fn)).map(({name}) => name)).toEqual(['fn-7'])
})

test('nobody is quiet where few are asked for, where the window is older than the list, or where there is none', async () => {
  const few = fleet(200, listing)
  const many = fleet(201, listing)
  const refused = fleet(201, {
    ListMetrics() {
      throw deniedTo('cloudwatch:ListMetrics')
    },
  })
  expect(await quietFunctions(few.functions, {start: now - day, now}, ongoing())).toEqual(new Set())
  expect(await quietFunctions(many.functions, {start: now - 14 * day, now}, ongoing())).toEqual(new Set())
  expect(
    await refused.aws.fakeClock.outcome(quietFunctions(refused.functions, {start: now - day, now}, ongoing())),
  ).toEqual(new Set())
})
