import {describe, expect, it, test} from 'vitest'
import {attribute, wanted} from '../../../src/services/logs/attribute.ts'
import {functionRef, sourceOf} from './events.ts'

const hex = '0123456789abcdef0123456789abcdef'
const own = sourceOf(['checkout'])
const shared = sourceOf(['my-fn', 'other-fn'], {logGroup: '/company/shared'})

describe('T36 attribute', () => {
  test.each([
    ['a version', '2023/07/05/[56]374cd7792ffbc09edd9aee75fdf7de1e', '56'],
    ['$LATEST', '2024/08/18/[$LATEST]60cefc4c4d174d898e4dbb301f9f10ef', '$LATEST'],
  ])('a stream that names only %s belongs to the group’s only function', (_, logStream, version) => {
    expect(attribute(own, logStream)).toEqual({function: functionRef('checkout'), version})
  })

  test('a stream of a shared group names its function', () => {
    expect(attribute(shared, `2026/06/23/my-fn[$LATEST]${hex}`)).toEqual({
      function: functionRef('my-fn'),
      version: '$LATEST',
    })
    expect(attribute(shared, `2026/06/23/other-fn[7]${hex}`)).toEqual({function: functionRef('other-fn'), version: '7'})
  })

  test('a function that does not log here any more has no ARN to show', () => {
    expect(attribute(shared, `2026/06/23/gone[7]${hex}`)).toEqual({function: null, version: '7'})
  })

  test('nothing is guessed where several functions or none could have written', () => {
    expect(attribute(shared, `2026/06/23/[7]${hex}`)).toEqual({function: null, version: '7'})
    expect(attribute(sourceOf([], {logGroup: '/aws/lambda/checkout'}), `2026/06/23/[7]${hex}`)).toEqual({
      function: null,
      version: '7',
    })
    expect(attribute(own, 'ecs/app/0123456789')).toEqual({function: null, version: null})
    expect(attribute(own, `2026/06/23/[7]${hex}0`)).toEqual({function: null, version: null})
  })
})

describe('T36 wanted', () => {
  it('lets everything pass where nothing less than the group was asked for', () => {
    expect(wanted(shared)('anything')).toBe(true)
  })

  it('tells one function of a shared group from the others, on any day', () => {
    const isWanted = wanted({...shared, only: [{function: 'my-fn', version: null}]})
    expect(isWanted(`2026/06/23/my-fn[$LATEST]${hex}`)).toBe(true)
    expect(isWanted(`2026/06/24/my-fn[3]${hex}`)).toBe(true)
    expect(isWanted(`2026/06/23/other-fn[$LATEST]${hex}`)).toBe(false)
    expect(isWanted(`2026/06/23/my-fn-2[$LATEST]${hex}`)).toBe(false)
    expect(isWanted('another stream')).toBe(false)
  })

  it('tells versions apart', () => {
    const isWanted = wanted({...own, only: [{function: 'checkout', version: '56'}]})
    expect(isWanted(`2026/06/23/[56]${hex}`)).toBe(true)
    expect(isWanted(`2026/06/23/[5]${hex}`)).toBe(false)
    expect(isWanted(`2026/06/23/[$LATEST]${hex}`)).toBe(false)
  })
})
