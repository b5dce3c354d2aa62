import {usageError} from '../../../errors.ts'
import {fewNames} from '../../few-names.ts'
import {namePattern} from '../../targets/name-pattern.ts'
import type {ShiftWish, Stage} from './shift-plan.ts'

const shown = 8

/**
 * Functions in the order of their waves; those that are in none are the last one.
 * @param known functions that were asked for, whether or not they have to move
 * @throws UserError (exit 2) for a wave that holds none of them
 */
export function wavesOf(
  wished: ShiftWish['waves'],
  moving: readonly string[],
  known: readonly string[],
): readonly (readonly string[])[] {
  const left = new Set(moving)
  const waves = wished.map(words => {
    const patterns = words.map(word => namePattern(word.split(':')[0] ?? word))
    const isIn = (name: string): boolean => patterns.some(pattern => pattern.matches(name))
    if (!known.some(isIn))
      throw usageError(`--wave ${words.join(',')} holds none of the functions`, `they are ${fewNames(known, shown)}`)
    const wave = [...left].filter(isIn)
    for (const name of wave) left.delete(name)
    return wave
  })
  return [...waves, [...left]].filter(wave => wave.length > 0)
}

/** @throws UserError (exit 2) for a function to mute, or to shift alone, that is not among them */
export function checkFaders({muted, solo}: Pick<ShiftWish, 'muted' | 'solo'>, known: readonly string[]): void {
  const stranger = muted.find(name => !known.includes(name))
  if (stranger !== undefined)
    throw usageError(`--mute ${stranger} is none of the functions`, `they are ${fewNames(known, shown)}`)
  if (solo !== null && !known.includes(solo))
    throw usageError(`--solo ${solo} is none of the functions`, `they are ${fewNames(known, shown)}`)
  if (known.every(name => muted.includes(name))) throw usageError('all functions are muted', 'leave one at least')
}

/**
 * The least probability, over the stages, that a request which meets all functions of a wave meets one release only: each routes by
 * itself, wᴺ + (1 − w)ᴺ. Who is muted is left out. null where there is no wave of several.
 */
export function sameRelease(stages: readonly Stage[], isMuted: (functionName: string) => boolean): number | null {
  const shares = stages.flatMap(({wave, basisPoints}) => {
    const weight = basisPoints / 10_000
    const moving = wave.filter(name => !isMuted(name)).length
    return moving > 1 ? [weight ** moving + (1 - weight) ** moving] : []
  })
  return shares.length === 0 ? null : Math.min(...shares)
}
