import {describe, expect, test} from 'vitest'
import {createStopRule, type StopRuleOptions} from '../../../src/services/logs/stop-rule.ts'

const plain: StopRuleOptions = {limit: null, untilMatch: null, failOn: null, following: false, context: 0}

// what is in lower case stands around what is in upper case
const messagesOf = (item: string): readonly string[] | null => (item === item.toLowerCase() ? null : [item])

function shownOf(options: Partial<StopRuleOptions>, ...pushes: readonly (readonly string[])[]) {
  const rule = createStopRule({...plain, ...options})
  const shown = pushes.map(items => rule.admit(items, messagesOf).join(' '))
  return {shown, done: rule.done, isNegative: rule.isNegative()}
}

describe('--limit', () => {
  test('shows so many and ends with the last of them', () => {
    expect(shownOf({limit: 2}, ['A'], ['B', 'C'])).toEqual({shown: ['A', 'B'], done: true, isNegative: false})
  })

  test('0 shows nothing', () => {
    expect(shownOf({limit: 0}, ['A'])).toMatchObject({shown: [''], done: true})
  })

  test('counts matches, each with the context before and after it', () => {
    const {shown, done} = shownOf({limit: 1, context: 2}, ['a', 'b', 'C'], ['d', 'e', 'f', 'G'])
    expect(shown).toEqual(['a b C', 'd e'])
    expect(done).toBe(true)
  })

  test('ends at the next match where two share their context', () => {
    expect(shownOf({limit: 1, context: 2}, ['A', 'b', 'C', 'd'])).toMatchObject({shown: ['A b'], done: true})
  })

  test('does not wait for context that is yet to come while following', () => {
    expect(shownOf({limit: 1, context: 2, following: true}, ['a', 'B'])).toMatchObject({shown: ['a B'], done: true})
  })
})

describe('--until-match', () => {
  test('ends with what matches', () => {
    expect(shownOf({untilMatch: /B/}, ['A', 'B', 'C'])).toEqual({shown: ['A B'], done: true, isNegative: false})
  })

  test('is a negative answer when nothing matched', () => {
    expect(shownOf({untilMatch: /B/}, ['A', 'C'])).toEqual({shown: ['A C'], done: false, isNegative: true})
  })

  test('a negative answer says why, for exit 5 alone tells nobody', () => {
    expect(createStopRule({...plain, untilMatch: /B/}).complaint()).toBe('--until-match: no message matched')
    expect(createStopRule({...plain, failOn: /B/}).complaint()).toBe(null)
  })
})

describe('--fail-on', () => {
  test('is a negative answer, and a closed window is still shown to its end', () => {
    expect(shownOf({failOn: /B/}, ['A', 'B', 'C'])).toEqual({shown: ['A B C'], done: false, isNegative: true})
  })

  test('ends what is followed', () => {
    expect(shownOf({failOn: /B/, following: true}, ['A', 'B', 'C'])).toEqual({
      shown: ['A B'],
      done: true,
      isNegative: true,
    })
  })

  test('does not look at context', () => {
    expect(shownOf({failOn: /b/, context: 1}, ['A', 'b'])).toMatchObject({shown: ['A b'], isNegative: false})
  })
})
