import {expect, test} from 'vitest'
import {isAnswerTo} from '../../../src/services/insights/is-answer-to.ts'

const event = new Map([
  ['@timestamp', '2026-11-20 14:00:00.000'],
  ['@message', 'hello'],
])

test.each([
  ['stats count(*) by bin(5m)', new Map([['count(*)', '3']]), true],
  ['stats count(*) as n by @logStream', new Map([['n', '3']]), true],
  ['stats count(*) as n | display n', new Map([['@ptr', 'x']]), true],
  ['fields nosuchfield', new Map([['@ptr', 'x']]), true],
  ['stats count(*) by bin(5m)', event, false],
  ['filter @message like /x/ | stats sum(a), max(b) by c | sort c', new Map([['@ptr', 'x']]), false],
])('%s is answered by %o: %s', (query, row, isAnswer) => {
  expect(isAnswerTo(query, [row])).toBe(isAnswer)
  expect(isAnswerTo(query, [])).toBe(true)
})
