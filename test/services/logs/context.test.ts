import {describe, expect, it} from 'vitest'
import {withContext} from '../../../src/services/logs/context.ts'
import type {EventStage} from '../../../src/services/logs/held-events.ts'
import {interpretAll, line, otherStream} from './events.ts'

const isMatch = ({message}: {readonly message: string}) => message.includes('!')

/** Events as letters: small ones in one stream, capitals in another; `!` marks a match. What each push gave, then the rest. */
function steps(stage: EventStage, letters: string): readonly string[] {
  const messages = letters.match(/[a-zA-Z]!?/g) ?? []
  const events = interpretAll(
    messages.map((message, at) => line(at, message, /[A-Z]/.test(message) ? {logStream: otherStream} : {})),
  )
  const text = (shown: readonly {readonly message: string}[]) => shown.map(({message}) => message).join('')
  return [...events.map(event => text(stage.push(event))), text(stage.flush())]
}

describe('withContext', () => {
  it('shows events before and after a match, each once', () => {
    const stage = withContext(isMatch, {lines: 2, maxHeld: 100})
    expect(steps(stage, 'abcd!efgh!ijk').join('')).toBe('bcd!efgh!ij')
    expect(steps(withContext(isMatch, {lines: 0, maxHeld: 100}), 'ab!c').join('')).toBe('b!')
  })

  it('counts the events of the same stream only, and keeps the order of time', () => {
    const stage = withContext(isMatch, {lines: 1, maxHeld: 100})
    expect(steps(stage, 'aAbBC!dc!DE').join('')).toBe('BC!dc!D')
  })

  it('tells where a stream goes on after a gap, and only there', () => {
    const gapsIn = (letters: string, lines = 1): string => {
      const gaps: string[] = []
      const isMissed = ({message}: {readonly message: string}) => message !== 'x'
      const onGap = ({message}: {readonly message: string}) => void gaps.push(message)
      steps(withContext(isMatch, {lines, maxHeld: 100, isMissed, onGap}), letters)
      return gaps.join(' ')
    }
    expect(gapsIn('aab!cdef!g')).toBe('e')
    expect(gapsIn('ab!cde!fgh!i')).toBe('')
    expect(gapsIn('aab!cdAAe!')).toBe('')
    expect(gapsIn('ab!AAB!AAACdfgh!C!')).toBe('g C')
    expect(gapsIn('b!ab!', 0)).toBe('b!')
    expect(gapsIn('b!cxd!')).toBe('')
  })

  it('waits for an earlier event that may yet be shown', () => {
    const stage = withContext(isMatch, {lines: 1, maxHeld: 100})
    expect(steps(stage, 'aA!Ba!')).toEqual(['', '', '', 'aA!Ba!', ''])
  })

  it('shows a match at once with maxHeld 0, with what stood before it right above it', () => {
    const stage = withContext(isMatch, {lines: 1, maxHeld: 0})
    expect(steps(stage, 'aA!Bb!c')).toEqual(['', 'A!', 'B', 'ab!'.slice(0, 3), 'c', ''])
  })

  it('lets others pass when too many wait, and still shows what was waited for', () => {
    const stage = withContext(isMatch, {lines: 1, maxHeld: 2})
    expect(steps(stage, 'aA!Bb!')).toEqual(['', '', 'A!B', 'ab!', ''])
  })
})
