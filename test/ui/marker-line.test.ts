import {expect, test} from 'vitest'
import type {Marker} from '../../src/services/logs/markers/marker-feed.ts'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {width} from '../../src/ui/columns.ts'
import {markerFormatter} from '../../src/ui/marker-line.ts'

const terminal = {columns: 60, color: false, unicode: true, isTTY: true}
const base = {
  at: Date.UTC(2026, 10, 20, 13, 58, 2),
  function: {name: 'checkout-api', arn: 'arn'},
  region: 'eu-west-1',
} as const
const deploy: Marker = {...base, kind: 'deploy', version: '42', description: 'pay-v42'}

test('a marker is a rule across the stream', () => {
  const draw = markerFormatter(terminal, zoneClock('UTC'))
  expect(draw(deploy)).toBe('── 13:58:02 checkout-api  42 published: pay-v42 ────────────\n')
  const weights = {name: 'live', version: '41', weights: {'42': 0.1}}
  const alias: Marker = {...base, kind: 'alias', alias: 'live', from: {...weights, weights: {}}, to: weights}
  expect(draw(alias)).toBe('── 13:58:02 checkout-api  live 41 → 41 90 % + 42 10 % ──────\n')
  const serves: Marker = {...base, kind: 'serves', alias: 'live', version: '42', before: '41'}
  expect(draw(serves)).toBe('── 13:58:02 checkout-api  live 41 → 42, by its first line ──\n')
})

test('what a description holds is never obeyed, and a dumb terminal gets plain signs', () => {
  const draw = markerFormatter({...terminal, unicode: false}, zoneClock('UTC'))
  const line = draw({...deploy, description: '\u001b[2Jboo\nnext'})
  expect(line).not.toMatch(/\u001b|\n./)
  expect(line).toMatch(/^-- 13:58:02 checkout-api {2}42 published: /)
})

test.each([40, 80, 200])('it stays on one row of %i columns, and says as much as fits', columns => {
  const draw = markerFormatter({...terminal, columns}, zoneClock('UTC'))
  const long: Marker = {
    ...deploy,
    function: {name: 'a-function-whose-name-is-as-long-as-sixty-four-characters-can-be', arn: 'arn'},
    description: 'a release 🚀 with a description of many words and some 漢字 that nobody cut',
  }
  const row = draw(long).trimEnd()
  expect(width(row)).toBeLessThanOrEqual(columns)
  expect(row).toMatch(/^── 13:58:02 a-fun.*-be {2}42 pub/)
  expect(row).not.toMatch(/\p{Cs}/u)
})
