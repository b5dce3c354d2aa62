import {describe, expect, test} from 'vitest'
import {createMarkerFeed} from '../../../../src/services/logs/markers/marker-feed.ts'
import type {Releases, ServedAlias} from '../../../../src/services/logs/markers/releases.ts'

const checkout = {name: 'checkout-api', arn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api'}
const live = (version: string, weights: ServedAlias['weights'] = {}): ServedAlias => ({name: 'live', version, weights})
const released = (aliases: readonly ServedAlias[], ...deploys: Releases['deploys']): Releases => ({
  function: checkout,
  region: 'eu-west-1',
  deploys,
  aliases,
})
const event = (timestamp: number, version: string | null = '41') => ({
  timestamp,
  version,
  function: checkout,
  region: 'eu-west-1',
})
const published = {version: '42', at: 100, description: 'pay-v42'}

describe('a deploy', () => {
  test('is marked once, before the first event after it', () => {
    const feed = createMarkerFeed(true)
    feed.learn(released([live('41')], published), 500)
    feed.learn(released([live('41')], published), 530)
    expect(feed.before(event(99))).toEqual([])
    expect(feed.before(event(100))).toMatchObject([{kind: 'deploy', version: '42', at: 100}])
    expect(feed.before(event(200))).toEqual([])
  })

  test('that no event follows is marked at the end', () => {
    const feed = createMarkerFeed(true)
    feed.learn(released([live('41')], published), 500)
    expect(feed.upTo(99)).toEqual([])
    expect(feed.upTo(100)).toHaveLength(1)
  })
})

describe('an alias', () => {
  test('that moves while it is watched is marked when that is seen', () => {
    const feed = createMarkerFeed(true)
    feed.learn(released([live('41')]), 500)
    feed.learn(released([live('41', {'42': 0.1})]), 530)
    feed.learn(released([live('42')]), 560)
    expect(feed.upTo(600)).toMatchObject([
      {kind: 'alias', at: 530, from: {version: '41'}, to: {weights: {'42': 0.1}}},
      {kind: 'alias', at: 560, to: {version: '42', weights: {}}},
    ])
  })

  test('that moved before is told by the first line of the version it serves', () => {
    const feed = createMarkerFeed(true)
    feed.learn(released([live('42')]), 500)
    expect(feed.before(event(1, '41'))).toEqual([])
    expect(feed.before(event(2, '42'))).toMatchObject([{kind: 'serves', alias: 'live', version: '42', before: '41'}])
    expect(feed.before(event(3, '41'))).toEqual([])
    expect(feed.before(event(4, '42'))).toEqual([])
  })

  test('is not told by a first line where only some lines are shown, nor where traffic is divided', () => {
    const some = createMarkerFeed(false)
    some.learn(released([live('42')]), 500)
    some.before(event(1, '41'))
    expect(some.before(event(2, '42'))).toEqual([])

    const divided = createMarkerFeed(true)
    divided.learn(released([live('42', {'41': 0.5})]), 500)
    divided.before(event(1, '41'))
    expect(divided.before(event(2, '42'))).toEqual([])
  })
})
