import {describe, expect, it} from 'vitest'
import {listedHint, nearestHint, nearestNames} from '../../../src/services/targets/nearest-names.ts'

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
    expect(nearestNames('e', [...names, ...names])).toHaveLength(5)
    expect(nearestHint('x', [])).toBeNull()
  })

  it('are no strangers', () => {
    expect(nearestNames('trace', ['autocomplete', 'logs', 'sandbox reset'])).toEqual([])
    expect(nearestHint('payments', names)).toBeNull()
    expect(nearestHint('', names)).toBeNull()
    expect(nearestHint('*', names)).toBeNull()
  })

  it('share a part of four letters or more, whole or with a letter of four misspelt', () => {
    expect(nearestNames('image-upload', names)).toEqual(['image-resize'])
    expect(nearestNames('ImageUpload', ['resizeImage', 'image_resize', 'imprint'])).toEqual([
      'image_resize',
      'resizeImage',
    ])
    expect(nearestNames('paymnts-in', ['payments-out', 'in'])).toEqual(['in', 'payments-out'])
    expect(nearestNames('web-api', ['cart-api', 'web'])).toEqual(['web'])
  })

  it('are not near for the folder, the account or the region they share', () => {
    const groups = ['/aws/lambda/billing', '/aws/lambda/checkout-api', '/ecs/payments']
    expect(nearestNames('/aws/lambda/chekout-api', groups)).toEqual(['/aws/lambda/checkout-api'])
    expect(nearestNames('/aws/lambda/trace', groups)).toEqual([])
    expect(nearestNames('/aws/lamda/billing', groups)[0]).toBe('/aws/lambda/billing')
    const arn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`
    expect(nearestNames(arn('ordrs'), [arn('orders'), arn('mail')])).toEqual([arn('orders')])
  })

  it('where there are none: what there is, all of few or the number of many', () => {
    expect(listedHint([], 'stacks in eu-west-1')).toBeNull()
    expect(listedHint(['a', 'b', 'a'], 'stacks in eu-west-1')).toBe('the stacks in eu-west-1: a, b')
    expect(listedHint(names, 'functions in eu-west-1')).toBe('none of the 7 functions in eu-west-1 has a name like it')
  })
})
