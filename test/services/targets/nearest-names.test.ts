import {describe, expect, it} from 'vitest'
import {nearestHint, nearestNames} from '../../../src/services/targets/nearest-names.ts'

const names = [
  'billing-worker',
  'checkout-api',
  'checkout-worker',
  'image-resize',
  'orders-stream',
  'search',
  'search-indexer',
]

describe('nearest names', () => {
  it('find a misspelt, a swapped and a differently cased name', () => {
    expect(nearestNames('chekout-api', names)[0]).toBe('checkout-api')
    expect(nearestNames('saerch', names)[0]).toBe('search')
    expect(nearestNames('CHECKOUT-API', names)[0]).toBe('checkout-api')
  })

  it('put a name that holds the word first, the shortest of them first', () => {
    expect(nearestNames('worker', names, 2)).toEqual(['billing-worker', 'checkout-worker'])
    expect(nearestNames('sear', names, 2)).toEqual(['search', 'search-indexer'])
  })

  it('do not count the wildcards of a glob', () => {
    expect(nearestNames('ordrs-*', names, 1)).toEqual(['orders-stream'])
  })

  it('are five at most, each once, and none of nothing', () => {
    expect(nearestNames('x', [...names, ...names])).toHaveLength(5)
    expect(nearestHint('x', [])).toBeNull()
  })
})
