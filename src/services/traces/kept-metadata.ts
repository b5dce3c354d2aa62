import {isFields} from './document-fields.ts'

/** What is kept of one span's metadata: it may be all of a document of 64 KB, and is seldom looked at. */
const keptCharacters = 8_192
const keptValues = 500
const keptDepth = 12
const left = '…'

/** A copy of as much of it as is worth keeping, with `…` where something was left out; null for none. */
export function keptMetadata(metadata: unknown): unknown {
  if (metadata === undefined || metadata === null) return null
  const budget = {characters: keptCharacters, values: keptValues}
  return copy(metadata, budget, 0)
}

type Budget = {characters: number; values: number}

function copy(value: unknown, budget: Budget, depth: number): unknown {
  if (typeof value === 'string') return shortened(value, budget)
  if (Array.isArray(value)) return isSpent(budget, depth) ? left : copyOfList(value, budget, depth)
  if (isFields(value)) return isSpent(budget, depth) ? left : copyOfFields(value, budget, depth)
  return value
}

function copyOfList(list: readonly unknown[], budget: Budget, depth: number): unknown {
  const kept: unknown[] = []
  for (const item of list) {
    if (isSpent(budget, depth)) return [...kept, left]
    budget.values--
    kept.push(copy(item, budget, depth + 1))
  }
  return kept
}

function copyOfFields(fields: Readonly<Record<string, unknown>>, budget: Budget, depth: number): unknown {
  const kept: [string, unknown][] = []
  for (const key of Object.keys(fields)) {
    if (isSpent(budget, depth)) {
      kept.push([left, left])
      break
    }
    budget.values--
    kept.push([shortened(key, budget), copy(fields[key], budget, depth + 1)])
  }
  // fromEntries defines each key, so that __proto__ is a key like any other
  return Object.fromEntries(kept)
}

function shortened(text: string, budget: Budget): string {
  const kept = text.length <= budget.characters ? text : text.slice(0, budget.characters) + left
  budget.characters -= Math.min(text.length, budget.characters)
  return kept
}

function isSpent({characters, values}: Budget, depth: number): boolean {
  return characters <= 0 || values <= 0 || depth >= keptDepth
}
