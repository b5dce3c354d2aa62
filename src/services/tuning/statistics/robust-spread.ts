/** Of a normal distribution, half of the differences between two values are below 0.9539 standard deviations. */
const halfDifference = 0.953873

/** Of a long series, pairs of values that are near each other in time say as much as all, which are too many. */
const furthestPair = 40

/** |a − b| of all pairs of a group. */
export function differencesOf(values: readonly number[]): number[] {
  const differences: number[] = []
  for (let i = 1; i < values.length; i++) {
    for (let j = Math.max(0, i - furthestPair); j < i; j++)
      differences.push(Math.abs((values[i] ?? 0) - (values[j] ?? 0)))
  }
  return differences
}

/**
 * The standard deviation of the bulk: the median absolute difference between values of the same group (Shamos). Unlike the
 * median absolute deviation it needs no centre, so that groups of three or four values do not make it too small, and is
 * nearly as sharp as the standard deviation (86 %); up to 29 % outliers do not break it.
 * @param differences |a − b| of all pairs of the same group; zero where there are none
 */
export const spreadOf = (differences: readonly number[]): number =>
  differences.length === 0 ? 0 : middleOf(differences) / halfDifference

/** Quickselect on a copy: the value in the middle, the lower one of two. */
function middleOf(values: readonly number[]): number {
  const copy = Float64Array.from(values)
  const wanted = (copy.length - 1) >> 1
  let low = 0
  let high = copy.length - 1
  while (low < high) {
    const pivot = copy[(low + high) >> 1] ?? 0
    let i = low
    let j = high
    while (i <= j) {
      while ((copy[i] ?? 0) < pivot) i++
      while ((copy[j] ?? 0) > pivot) j--
      if (i > j) break
      const swapped = copy[i] ?? 0
      copy[i++] = copy[j] ?? 0
      copy[j--] = swapped
    }
    if (wanted <= j) high = j
    else if (wanted >= i) low = i
    else break
  }
  return copy[wanted] ?? 0
}

/** Beyond so many standard deviations a value has no weight at all; 95 % as sharp as the mean where there are no outliers. */
const reach = 4.685

/** What a value counts for by its distance from the centre, 0–1 (Tukey's biweight). */
export const biweight = (distance: number, spread: number): number =>
  Math.max(0, 1 - (distance / (reach * spread)) ** 2) ** 2

/**
 * The centre of the bulk: Tukey's biweight by a spread that is known from more than these values. It begins at the lower
 * median: of two values that are far apart the upper one is the outlier, for nothing runs three times as fast by chance.
 * @param weights what each value counts for
 * @returns with it how many values lie beyond its reach
 */
export function robustCentre(
  values: readonly number[],
  spread: number,
  weights: readonly number[] = values.map(() => 1),
): {readonly centre: number; readonly beyond: number} {
  let centre = lowerMedian(values)
  let beyond = 0
  for (let round = 0; round < 30; round++) {
    let sum = 0
    let whole = 0
    beyond = 0
    for (const [i, value] of values.entries()) {
      const bulk = biweight(value - centre, spread)
      if (bulk === 0) {
        beyond++
        continue
      }
      const weight = (weights[i] ?? 1) * bulk
      sum += weight * value
      whole += weight
    }
    const next = sum / whole
    const isThere = Math.abs(next - centre) < 1e-3 * spread
    centre = next
    if (isThere) break
  }
  return {centre, beyond}
}

const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN
