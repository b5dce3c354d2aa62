import {beforeAll, describe, expect, test} from 'vitest'
import type {SandboxTrace, World} from '../../../../src/sandbox/world/world.ts'
import {firstUsed, hour, larder, minute} from '../larder-world.ts'
import {functionSegments, nodesOf, part, serviceSegments} from '../trace-nodes.ts'

const reservedKey = (key: string) => `aws.xray.reserved.${key}`

describe('segment documents', () => {
  let world: World
  let traces: readonly SandboxTrace[]

  beforeAll(async () => {
    const made = await larder()
    made.clock.at = firstUsed + 2 * hour
    world = made.world
    traces = world.traces(firstUsed - 2 * hour, firstUsed + hour).map(trace => ({...trace}))
  })

  const whole = (of: (trace: SandboxTrace) => boolean): SandboxTrace => {
    const found = traces.find(trace => {
      const nodes = nodesOf(trace)
      const ids = new Set(nodes.map(({id}) => id))
      return nodes.every(({above}) => above === undefined || ids.has(above)) && of(trace)
    })
    if (!found) throw new Error('there is no such trace')
    return found
  }
  const has = (name: string) => (trace: SandboxTrace) => nodesOf(trace).some(node => node.name === name)

  test('begin with the stage of the API: what was asked for, by whom, and the answer', () => {
    const trace = whole(({documents: [first]}) => first?.http?.response?.status === 409)
    const [stage] = trace.documents
    expect(stage).toMatchObject({
      name: 'larder-http-api/prod',
      origin: 'AWS::ApiGateway::Stage',
      resource_arn: 'arn:aws:apigateway:eu-west-1::/restapis/k3v9x1q7ta/stages/prod',
      user: expect.stringMatching(/^cus_/),
      error: true,
      http: {
        request: {
          method: 'POST',
          url: 'https://k3v9x1q7ta.execute-api.eu-west-1.amazonaws.com/prod/orders',
          client_ip: expect.stringMatching(/^203\.0\.113\./),
        },
      },
      subsegments: [{name: 'Lambda', namespace: 'aws', aws: {operation: 'Invoke', function_name: 'checkout-api'}}],
    })
    const requestId = (stage?.aws?.['api_gateway'] as {request_id: string} | undefined)?.request_id
    const entry = world
      .logEvents('/aws/apigateway/larder-http-api', trace.at, trace.at + 20_000)
      .filter(({message}) => message.includes(String(requestId)))
    expect(entry).toHaveLength(1)
    expect(entry[0]?.message).toContain('"status":"409"')
  })

  test('have a token in the URL now and then, and whatever people send as their user agent', () => {
    const asked = traces.flatMap(({documents: [first]}) => (first?.http?.request ? [first.http.request] : []))
    expect(asked.some(({url}) => url?.includes('?access_token=olt_'))).toBe(true)
    expect(asked.some(({user_agent}) => user_agent?.includes('\u001b[2J'))).toBe(true)
  })

  test('come in pairs: Lambda’s with the request id, the function’s with its log group, and both know of the failure', () => {
    const trace = whole(({documents}) => JSON.stringify(documents).includes('PaymentTimeout'))
    const [service] = serviceSegments(trace, 'checkout-api')
    const [own] = functionSegments(trace, 'checkout-api')
    const invocation = world
      .invocations('checkout-api', trace.at, trace.at + 1000)
      .find(({requestId}) => requestId === service?.aws?.['request_id'])
    expect(invocation).toMatchObject({outcome: 'error', traceId: trace.id})
    expect(service).toMatchObject({
      origin: 'AWS::Lambda',
      parent_id: part(trace.documents[0], 'Lambda')?.id,
      resource_arn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api:live',
      http: {response: {status: 200}},
      fault: true,
    })
    expect(own).toMatchObject({
      parent_id: service?.id,
      aws: {
        account_id: '123456789012',
        function_arn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api:42',
        cloudwatch_logs: [{log_group: '/aws/lambda/checkout-api'}],
      },
      fault: true,
      cause: {
        working_directory: '/var/task',
        exceptions: [
          {
            type: 'PaymentTimeout',
            message: 'upstream did not answer in 1500 ms',
            stack: [
              {path: '/var/task/payments.ts', line: 88, label: 'charge'},
              {path: 'node:internal/process/task_queues', line: 105, label: 'process.processTicksAndRejections'},
              {path: '/var/task/orders.ts', line: 52, label: 'placeOrder'},
              {path: '/var/task/index.ts', line: 31, label: 'handler'},
            ],
          },
        ],
      },
    })
    expect(trace.documents[0]).toMatchObject({fault: true, http: {response: {status: 500}}})
  })

  test('show the payment that was refused, and tried again for a second and a half', () => {
    const trace = whole(({documents}) => JSON.stringify(documents).includes('PaymentTimeout'))
    const calls = nodesOf(trace).filter(({name}) => name === 'payments.internal.example')
    expect(calls).toMatchObject([
      {namespace: 'remote', fault: true, cause: {exceptions: [{message: 'read ECONNRESET', remote: false}]}},
      {namespace: 'remote', fault: true, cause: {exceptions: [{type: 'TimeoutError'}]}},
    ])
    expect((calls[1]?.end_time ?? 0) - (calls[1]?.start_time ?? 0)).toBeCloseTo(1.5, 6)
    expect(calls[0]?.end_time ?? 0).toBeLessThan(calls[1]?.start_time ?? 0)
  })

  test('of a function that Lambda stopped are faults that nobody explains; a call under way then never ends', () => {
    const trace = whole(each => functionSegments(each, 'orders-stream').some(({fault, cause}) => fault && !cause))
    const [own] = functionSegments(trace, 'orders-stream')
    expect((own?.end_time ?? 0) - (own?.start_time ?? 0)).toBeCloseTo(3, 6)
    const invocation = part(own, 'Invocation')
    expect(invocation).toMatchObject({fault: true, subsegments: [{name: 'DynamoDB', in_progress: true}]})
    expect(part(own, 'Overhead')).toBeUndefined()
  })

  test('show an init before their own parent, after the code was fetched; a restore under its own name', () => {
    const cold = whole(trace => part(functionSegments(trace, 'checkout-api')[0], 'Initialization') !== undefined)
    const [own] = functionSegments(cold, 'checkout-api')
    const [service] = serviceSegments(cold, 'checkout-api')
    const init = part(own, 'Initialization')
    const invocation = world
      .invocations('checkout-api', cold.at, cold.at + 20_000)
      .find(({requestId}) => requestId === service?.aws?.['request_id'])
    expect((init?.end_time ?? 0) - (init?.start_time ?? 0)).toBeCloseTo((invocation?.initDurationMs ?? 0) / 1000, 4)
    expect(init?.start_time).toBeLessThan(own?.start_time ?? 0)
    expect(service?.start_time).toBeLessThan((init?.start_time ?? 0) - 0.02)
    expect(cold.documents[0]?.start_time).toBeLessThan(service?.start_time ?? 0)
    const restored = functionSegments(whole(has('Restore')))
    expect(restored.map(({name}) => name)).toEqual(['search'])
  })

  test('show an init that nobody waited for when it was: minutes before', () => {
    const early = traces
      .flatMap(trace => functionSegments(trace, 'inventory'))
      .map(
        own =>
          (part(own, 'Invocation')?.start_time ?? 0) -
          (part(own, 'Initialization')?.end_time ?? Number.POSITIVE_INFINITY),
      )
      .filter(Number.isFinite)
    expect(early.length).toBeGreaterThan(5)
    expect(Math.max(...early)).toBeGreaterThan(60)
  })

  test('of a function that does not trace are Lambda’s alone', () => {
    const trace = whole(has('catalog-api'))
    expect(trace.documents.map(({origin}) => origin)).toEqual(['AWS::ApiGateway::Stage', 'AWS::Lambda'])
  })

  test('of an asynchronous invocation say how long it waited and show every attempt', () => {
    const trace = whole(has('Attempt #3'))
    const [service] = trace.documents
    const attempts = service?.subsegments ?? []
    expect(service).toMatchObject({origin: 'AWS::Lambda', http: {response: {status: 202}}})
    expect(attempts.map(({name}) => name)).toEqual(['Dwell Time', 'Attempt #1', 'Attempt #2', 'Attempt #3'])
    const own = functionSegments(trace, service?.name)
    expect(own.map(({parent_id}) => parent_id)).toEqual(attempts.slice(1).map(({id}) => id))
    const tried = world
      .invocations(service?.name ?? '', trace.at, trace.at + 10 * minute)
      .filter(({requestId}) => requestId === service?.aws?.['request_id'])
    expect(tried.map(({outcome}) => outcome !== 'ok')).toEqual(own.map(({fault}) => fault ?? false))
  })

  test('show the execution of a state machine with its states, a failed one with an empty cause', () => {
    const trace = whole(({documents}) => JSON.stringify(documents).includes('CourierUnavailable'))
    const machine = trace.documents.find(({origin}) => origin === 'AWS::StepFunctions::StateMachine')
    expect(machine?.subsegments?.map(({name, fault, cause}) => ({name, fault, cause}))).toEqual([
      {name: 'PickPlan', fault: undefined, cause: undefined},
      {name: 'ReserveSlot', fault: undefined, cause: undefined},
      {name: 'BookCourier', fault: true, cause: {}},
      {name: 'BookCourier', fault: undefined, cause: undefined},
    ])
    expect(nodesOf(trace).find(({name}) => name === 'SFN')?.id).toBe(machine?.parent_id)
  })

  test('show no state that outlives its execution', () => {
    const machines = traces
      .flatMap(({documents}) => documents)
      .filter(({origin}) => origin === 'AWS::StepFunctions::StateMachine')
    expect(machines.length).toBeGreaterThan(50)
    for (const {end_time: end = Number.POSITIVE_INFINITY, subsegments = []} of machines)
      for (const state of subsegments) expect(state.end_time ?? 0).toBeLessThanOrEqual(end)
  })

  test('show what a function calls, as often as its log says', () => {
    const trace = whole(each => nodesOf(each).filter(({aws}) => aws?.['operation'] === 'GetItem').length >= 20)
    const nodes = nodesOf(trace)
    const [service] = serviceSegments(trace, 'checkout-api')
    const said = world
      .logEvents('/aws/lambda/checkout-api', trace.at, trace.at + 20_000)
      .find(({message}) => message.includes(String(service?.aws?.['request_id'])) && message.includes(' orders='))
    const reads = nodes.filter(({aws}) => aws?.['operation'] === 'GetItem')
    expect(said?.message).toContain(` orders=${reads.length}\n`)
    expect(new Set(reads.map(({aws}) => aws?.['table_name']))).toEqual(new Set(['orders']))
    expect(nodes.some(({aws}) => aws?.['operation'] === 'Query')).toBe(true)
  })

  test('end within what called them, but for clocks that are off and what nobody waits for', () => {
    let late = 0
    let all = 0
    for (const trace of traces.slice(0, 4000)) {
      for (const own of functionSegments(trace)) {
        const service = trace.documents.find(({id}) => id === own.parent_id)
        if (!service) continue
        all++
        if ((own.end_time ?? 0) > (service.end_time ?? 0)) late++
        const {end_time: end = 0} = part(own, 'Invocation') ?? {}
        for (const call of part(own, 'Invocation')?.subsegments ?? [])
          if (call.end_time) expect(call.end_time).toBeLessThanOrEqual(end + 1e-6)
      }
    }
    expect(late / all).toBeGreaterThan(0.0005)
    expect(late / all).toBeLessThan(0.01)
  })

  test('name no fact that does not exist', () => {
    const texts = traces.slice(-3000).map(({documents}) => JSON.stringify(documents))
    expect(texts.filter(text => /\{[a-z]+(:[\d-]+)?\}/i.test(text.replaceAll('"cause":{}', '')))).toEqual([])
    expect(texts.some(text => text.includes('"customer_tier":"plus"'))).toBe(true)
  })

  test('link the trace of a message with that of its sender, both ways, and again for every redelivery', () => {
    const id = traces.flatMap(trace => functionSegments(trace, 'billing-worker')).find(({fault}) => fault)?.trace_id
    const received = world.trace(id ?? '')
    const [toSender] = received?.documents[0]?.links ?? []
    expect(toSender?.attributes).toEqual({[reservedKey('reference_type')]: 'parent'})
    const sender = world.trace(toSender?.trace_id ?? '')
    const sending = sender && nodesOf(sender).find(node => node.id === toSender?.id)
    expect(sending).toMatchObject({name: 'SQS', aws: {operation: 'SendMessage'}})
    const children = sending?.links ?? []
    expect(children.map(({trace_id}) => trace_id)).toContain(id)
    expect(children).toHaveLength(2)
    for (const link of children) {
      const trace = world.trace(link.trace_id)
      const [own] = trace ? functionSegments(trace, 'billing-worker') : []
      expect(trace?.documents[0]).toMatchObject({id: link.id, links: [toSender]})
      expect(link.attributes).toMatchObject({
        [reservedKey('reference_type')]: 'child',
        [reservedKey('type')]: 'AWS::Lambda',
        [reservedKey('names')]: ['billing-worker'],
      })
      expect(Number(link.attributes?.[reservedKey('dwell_end_time')])).toBeLessThan(own?.start_time ?? 0)
      expect(Number(link.attributes?.[reservedKey('received_event_end_time')])).toBeCloseTo(own?.end_time ?? 0, 1)
    }
  })

  test('do not link what a stream hands on', () => {
    const streamed = traces.filter(trace => trace.documents[0]?.name === 'orders-stream')
    expect(streamed.length).toBeGreaterThan(50)
    expect(streamed.flatMap(({documents}) => documents).filter(({links}) => links)).toEqual([])
  })
})
