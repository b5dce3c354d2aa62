/**
 * Does work for each item, so many at a time, in their order. After a failure nothing more is begun; what is under way is waited for.
 * @returns by the index of the item
 * @throws what the first failure threw
 */
export async function atATime<T, R>(
  most: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const failures: unknown[] = []
  // one iterator for all: each takes the next that nobody has taken
  const left = items.entries()
  const workOn = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (failures.length > 0) return
      try {
        results[index] = await work(item, index)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({length: Math.min(most, items.length)}, workOn))
  if (failures.length > 0) throw failures[0]
  return results
}
