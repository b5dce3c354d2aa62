/** A list in pieces of at most so many, as calls of AWS take them. */
export function inBatches<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({length: Math.ceil(all.length / most)}, (_, at) => all.slice(at * most, (at + 1) * most))
}
