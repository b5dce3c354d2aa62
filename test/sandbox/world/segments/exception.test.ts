import {expect, test} from 'vitest'
import {causeOf} from '../../../../src/sandbox/world/segments/exception.ts'

const facts = {
  a: 1,
  b: 2,
  runKey: 3,
  durationMs: 40,
  requestId: 'r',
  traceId: 't',
  functionName: 'f',
  version: '1',
}

test.each([
  ['Node.js', 'charge (/var/task/payments.ts:88:11)', '/var/task/payments.ts', 88, 'charge'],
  [
    'Node.js, a method',
    'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
    'node:internal/process/task_queues',
    105,
    'process.processTicksAndRejections',
  ],
  [
    'Node.js, a module',
    '_loadUserApp (file:///var/runtime/index.mjs:1084:17)',
    'file:///var/runtime/index.mjs',
    1084,
    '_loadUserApp',
  ],
  ['Node.js, no place', 'Array.map (<anonymous>)', '<anonymous>', 0, 'Array.map'],
  [
    'Python',
    'File "/var/task/courier.py", line 33, in handler\n    return book(partner, order)',
    '/var/task/courier.py',
    33,
    'handler',
  ],
  [
    'Java',
    'com.larder.search.Segments.read(Segments.java:118)',
    'Segments.java',
    118,
    'com.larder.search.Segments.read',
  ],
  [
    'Java, no place',
    'java.base/java.lang.reflect.Method.invoke(Unknown Source)',
    'Unknown Source',
    0,
    'java.base/java.lang.reflect.Method.invoke',
  ],
  [
    '.NET',
    'Larder.Pricing.Promotions.Best(Cart cart) in /src/Pricing/Promotions.cs:line 57',
    '/src/Pricing/Promotions.cs',
    57,
    'Larder.Pricing.Promotions.Best(Cart cart)',
  ],
  [
    '.NET, no place',
    'System.Linq.ThrowHelper.ThrowNoMatchException()',
    '',
    0,
    'System.Linq.ThrowHelper.ThrowNoMatchException',
  ],
  ['Go', 'main.handle({0x7c2f10})\n\t/build/main.go:57 +0x1c4', '/build/main.go', 57, 'main.handle({0x7c2f10})'],
])('a frame of %s has its path, line and label', (_, frame, path, line, label) => {
  const cause = causeOf({type: 'E', message: 'm', stack: [frame]}, 'id', facts)
  expect(cause.exceptions?.[0]?.stack).toEqual([{path, line, label}])
})

test('a cause has the message as the log has it, and leaves out the frames that are not told', () => {
  const failure = {type: 'E', message: '503, retry after {n:4-4} s', stack: ['a (/b.ts:1:2)', '... 6 more']} as const
  expect(causeOf(failure, '0123456789abcdef', facts)).toEqual({
    working_directory: '/var/task',
    exceptions: [
      {
        id: '0123456789abcdef',
        type: 'E',
        message: '503, retry after 4 s',
        stack: [{path: '/b.ts', line: 1, label: 'a'}],
      },
    ],
  })
})
