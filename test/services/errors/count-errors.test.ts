import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {countErrors} from '../../../src/services/errors/count-errors.ts'
import {signatureOf} from '../../../src/services/errors/signature.ts'
import {groupTemplates} from '../../../src/services/errors/templates.ts'
import {event, source} from '../../ui/events.ts'

const checkout = source('checkout-api')
const billing = source('billing-worker')

const messages = [
  'ERROR: user alice not found',
  'ERROR: user bob not found',
  'ERROR: user carol not found',
  'ERROR: order 7 not found',
  'ERROR: connection refused',
  'ERROR: connection reset',
  'ERROR: sku=KIWI store=ZRH is gone',
  'ERROR: sku=PLUM store=BRN is gone',
  'ERROR: NoCart: 7\n    at find (/var/task/carts.js:1:1)',
  'ERROR: NoCart: of bob\n    at find (/var/task/carts.js:9:1)',
  'ERROR: NoCart: 7\n    at drop (/var/task/carts.js:1:1)',
]

function groupsOf(lines: readonly string[], mostLeaves?: number) {
  const counter = countErrors({buckets: 4, ...(mostLeaves !== undefined && {mostLeaves})})
  for (const [i, message] of lines.entries()) {
    const one = event(i % 2 === 0 ? checkout : billing, 0, message)
    counter.add({event: one, signature: signatureOf(one)}, {is: 'now', bucket: 0})
  }
  return {counter, groups: counter.groups()}
}

const told = (lines: readonly string[]) =>
  groupsOf(lines)
    .groups.map(({fingerprint, title, leaf}) => `${fingerprint} ${leaf.now} ${title}`)
    .sort()

test('log groups of one name in two accounts are told apart', () => {
  const counter = countErrors({buckets: 1})
  for (const account of ['111111111111', '222222222222'])
    for (const kind of ['message', 'timeout'] as const) {
      const one = event(source('jobs', {account, logGroup: '/ecs/jobs'}), 0, 'ERROR: connection refused')
      counter.add({event: one, signature: {...signatureOf(one), kind}}, {is: 'now', bucket: 0})
    }
  const told = counter.groups().map(({leaf}) => `${leaf.signature.kind} of ${leaf.origins.size}`)
  expect(told.sort()).toEqual(['message of 2', 'timeout of 1', 'timeout of 1'])
})

describe('errors are counted by kind', () => {
  test('by the place they come from, or by their words where a few of many differ', () => {
    expect(told(messages).map(text => text.replace(/^\w+ /, ''))).toEqual(
      expect.arrayContaining([
        '3 user <*> not found',
        '1 order <n> not found',
        '1 connection refused',
        '1 connection reset',
        '2 sku=<*> store=<*> is gone',
        '1 NoCart: <n>',
      ]),
    )
    expect(told(messages)).toHaveLength(7)
  })

  test('the same errors are the same kinds with the same fingerprints, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(messages, {minLength: messages.length}), shuffled => {
        expect(told(shuffled)).toEqual(told(messages))
      }),
    )
  })

  test('a fingerprint of a place in the code does not hang on what the others are', () => {
    const placed = (lines: readonly string[]) => told(lines).filter(text => text.includes('NoCart'))
    expect(placed(messages.slice(8))).toEqual(placed(messages))
  })

  test('a timeout of another function is another kind; an error of the same code is the same', () => {
    const counter = countErrors({buckets: 1})
    for (const from of [checkout, billing]) {
      const timeout = event(
        from,
        0,
        '2026-11-20T14:02:15.000Z 3364d63a-b18c-5ed6-97c7-85c6bf57800e Task timed out after 3.00 seconds',
      )
      const code = event(from, 0, 'ERROR: db is down')
      const signature = {kind: 'timeout', type: null, template: 'timed out', said: 'timed out', place: null} as const
      counter.add({event: timeout, signature}, {is: 'now', bucket: 0})
      counter.add({event: code, signature: signatureOf(code)}, {is: 'now', bucket: 0})
    }
    expect(
      counter
        .groups()
        .map(({title, leaf}) => [title, leaf.now, leaf.origins.size])
        .sort(),
    ).toEqual([
      ['db is down', 2, 2],
      ['timed out', 1, 1],
      ['timed out', 1, 1],
    ])
  })

  test('what is the same in all of them is shown, what differs is masked', () => {
    expect(groupsOf(["ERROR: no 'slot' in 7", "ERROR: no 'slot' in 8"]).groups[0]?.title).toBe("no 'slot' in <n>")
    expect(groupsOf(["ERROR: no 'slot' in 7", "ERROR: no 'day' in 7"]).groups[0]?.title).toBe('no <str> in <n>')
  })

  test('the sample is the newest, of those with a trace where there are any', () => {
    const counter = countErrors({buckets: 1})
    const add = (seconds: number, traceId: string | null) => {
      const one = event(checkout, seconds, 'ERROR: down', {traceId})
      counter.add({event: one, signature: signatureOf(one)}, {is: 'now', bucket: 0})
    }
    add(1, '1-a')
    add(2, '1-b')
    add(3, null)
    expect(counter.groups()[0]?.leaf.sample.traceId).toBe('1-b')
  })

  test('of more kinds than it may hold it compares the words early, and counts the rest as everything else', () => {
    const words = Array.from({length: 300}, (_, i) => `ERROR: ${word(i)} ${word(i * 7)} ${word(i * 31)}`)
    const {counter, groups} = groupsOf(words, 100)
    expect(groups.length).toBeLessThanOrEqual(101)
    expect(groups.reduce((sum, {leaf}) => sum + leaf.now, 0)).toBe(300)
    expect(counter.unsorted).toBeGreaterThan(0)
    expect(groups.some(({title}) => title === 'everything else')).toBe(true)

    const users = Array.from({length: 300}, (_, i) => `ERROR: user ${word(i)} not found`)
    const compared = groupsOf(users, 100)
    expect(compared.counter.unsorted).toBe(0)
    expect(compared.groups.map(({title, leaf}) => [title, leaf.now])).toEqual([['user <*> not found', 300]])
  })

  test('what passes out of the window becomes what was before', () => {
    const counter = countErrors({buckets: 3})
    for (const bucket of [0, 1, 1, 2]) {
      const one = event(checkout, 0, 'ERROR: down')
      counter.add({event: one, signature: signatureOf(one)}, {is: 'now', bucket})
    }
    counter.slide(2)
    expect(counter.groups().map(({leaf: {now, before, buckets}}) => ({now, before, buckets}))).toEqual([
      {now: 1, before: 3, buckets: [1, 0, 0]},
    ])
  })
})

test('templates of other lengths, or with too little in common, stay apart', () => {
  const texts = ['a b c', 'a b x', 'a b c d', 'a b c e', 'a x c d e', 'one', 'two']
  expect(
    groupTemplates(texts, text => text)
      .map(({template}) => template)
      .sort(),
  ).toEqual(['a b c', 'a b x', 'a b c <*>', 'a x c d e', 'one', 'two'].sort())
})

/** Letters only: numbers would be masked. */
function word(i: number): string {
  return Array.from(String(i), digit => 'abcdefghij'[Number(digit)]).join('')
}
