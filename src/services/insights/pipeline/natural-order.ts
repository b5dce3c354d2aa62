const numeral = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * Logs Insights' own order of values, ascending: what is no number before what is one; numbers by value; other text in
 * pieces, letters by code point and digits by length, then value (its documents: "sort"). Nothing comes first.
 */
export function compareValues(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return -1
  if (b === undefined) return 1
  const areNumbers = [numeral.test(a), numeral.test(b)]
  if (areNumbers[0] && areNumbers[1]) return Number(a) - Number(b)
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? 1 : -1
  return compareText(a, b)
}

function compareText(a: string, b: string): number {
  const pieces = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []] as const
  for (let i = 0; i < Math.max(pieces[0].length, pieces[1].length); i++) {
    const one = pieces[0][i]
    const other = pieces[1][i]
    if (one === other) continue
    if (one === undefined) return -1
    if (other === undefined) return 1
    const areDigits = /^\d/.test(one) && /^\d/.test(other)
    if (areDigits && one.length !== other.length) return one.length - other.length
    return one < other ? -1 : 1
  }
  return 0
}
