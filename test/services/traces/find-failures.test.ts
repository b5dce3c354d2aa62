import {expect, test} from 'vitest'
import {findFailures} from '../../../src/services/traces/find-failures.ts'
import type {MapEdge, MapService} from '../../../src/services/traces/service-map.ts'
import {edge, service} from '../../ui/maps.ts'

const lambda = 'AWS::Lambda::Function'
const found = (services: readonly MapService[], edges: readonly MapEdge[]) =>
  findFailures({services, edges}).map(({service: {name}, feltBy}) => [name, ...feltBy.map(caller => caller.name)])

const client = service('client', 'client', null)
const api = service('api', lambda, {calls: 1_000, faults: 4})
const checkout = service('checkout', lambda, {calls: 500, faults: 20})
const payments = service('payments', 'remote', {calls: 400, faults: 40})

test('a failure is felt by those who saw the call fail and fail with it, the nearest first, few as their faults may be', () => {
  const edges = [
    edge(client, api, {calls: 1_000, faults: 4}),
    edge(api, checkout, {calls: 500, faults: 4}),
    edge(checkout, payments, {calls: 400, faults: 40}),
  ]
  expect(found([client, api, checkout, payments], edges)).toEqual([['payments', 'checkout', 'api']])
})

test('what is handled on the way is felt by nobody above, though it fails by something else', () => {
  const workflow = service('workflow', 'AWS::StepFunctions::StateMachine', {calls: 400})
  const courier = service('courier', lambda, {calls: 400, faults: 2})
  const carrier = service('carrier', 'remote', {calls: 100, faults: 2})
  const edges = [
    edge(checkout, payments, {calls: 400, faults: 40}),
    edge(checkout, workflow, {calls: 400}),
    edge(workflow, courier, {calls: 400, faults: 2}),
    edge(courier, carrier, {calls: 100, faults: 2}),
  ]
  expect(found([checkout, payments, workflow, courier, carrier], edges)).toEqual([
    ['payments', 'checkout'],
    ['carrier', 'courier'],
  ])
})

test('who saw a call fail and does not fail by it has handled it', () => {
  const careful = service('careful', lambda, {calls: 400})
  const edges = [edge(api, careful, {calls: 400}), edge(careful, payments, {calls: 400, faults: 40})]
  expect(found([api, careful, payments], edges)).toEqual([['payments']])
})

test('a failure that is only ever seen from a circle names nobody twice', () => {
  const edges = [
    edge(api, checkout, {calls: 400, faults: 4}),
    edge(checkout, api, {calls: 10, faults: 1}),
    edge(checkout, payments, {calls: 400, faults: 40}),
  ]
  expect(found([api, checkout, payments], edges)).toEqual([['payments', 'checkout', 'api']])
})

test.each([
  ['none of its calls of the other fails', {calls: 80}],
  ['AWS does not count its calls of the other', null],
])('a service that fails beside another that does is a beginning of its own where %s', (_, counts) => {
  const mailer = service('mailer', lambda, {calls: 80, faults: 8})
  expect(found([checkout, mailer], [edge(checkout, mailer, counts)])).toEqual([['checkout'], ['mailer']])
})

test('a queue hands no failure back', () => {
  const queue = service('queue', 'AWS::SQS::Queue', {calls: 80, faults: 8})
  const worker = service('worker', lambda, {calls: 80, faults: 9})
  const edges = [edge(queue, worker, {calls: 80, faults: 9}, {isAsync: true})]
  expect(found([queue, worker], edges)).toEqual([['worker'], ['queue']])
})
