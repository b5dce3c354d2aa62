import {expect, test} from 'vitest'
import {countMet} from '../../../../src/services/fleet/coldstarts/init-kind.ts'
import {spilloverNotes, withoutServed} from '../../../../src/services/fleet/coldstarts/spillover.ts'
import {at, event, fleetFn, initStart, joined, owner, report} from './cold-lines.ts'

const of = fleetFn('inventory')
const context = {of, provisionedVersions: new Set(['42']), beginsReadFrom: null, prices: null}
const {met} = joined([event('12:00:00', initStart), event('12:00:01', report(100, 400, 'Init Duration: 300.00 ms'))])
const inits = met.map(init => countMet(init, owner, context))
const end = at('13:00:00')

const servedOf = (served: number | null) =>
  new Map(served === null ? [] : [[of, {value: {times: [at('12:00:00')], values: [served]}}]])

const notes = (felt: number, calls: number, served: number | null) =>
  spilloverNotes(
    [{of, inits: Array.from({length: felt}, () => inits).flat(), invocations: {value: calls}}],
    servedOf(served),
    end,
  )

test('inits of which CloudWatch says that provisioned concurrency served every call are its own', () => {
  expect(inits).toMatchObject([{kind: 'onDemand', feltMs: 400}])
  const settled = (calls: number, served: number | null) =>
    withoutServed([{of, inits, invocations: {value: calls}}], servedOf(served), end).flatMap(one => one.inits)
  expect(settled(6_370, 6_370)).toMatchObject([{kind: 'provisioned', feltMs: null, initMs: 300}])
  for (const left of [settled(6_370, 6_369), settled(6_370, null), settled(6_370, 0)]) expect(left).toEqual(inits)
})

test('cold starts that provisioned concurrency should have spared are told of', () => {
  expect(notes(3, 6_370, 6_368)).toEqual([
    'by the log of inventory 3 cold starts were felt, but CloudWatch counted 2 calls that its provisioned concurrency did not serve: some may be inits of it to which a request came within seconds',
  ])
})

test('those that more calls went beyond it are no wonder, nor of a function without it, nor where CloudWatch counted none', () => {
  expect(notes(3, 6_370, 6_340)).toEqual([])
  expect(notes(3, 6_370, null)).toEqual([])
  expect(notes(3, 6_370, 0)).toEqual([])
})
