type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Paths of numbers that are 0 in a document, and are not in the one that was made when everything could be read.
 * @param but paths that may be
 */
export function falseZeros(told: unknown, whole: unknown, but: RegExp, path = ''): readonly string[] {
  if (typeof told === 'number') return told === 0 && typeof whole === 'number' && whole !== 0 ? [path] : []
  if (Array.isArray(told) && Array.isArray(whole)) {
    const byKey = new Map(whole.map((value, i) => [keyOf(value, i), value]))
    return told.flatMap((value, i) => falseZeros(value, byKey.get(keyOf(value, i)), but, `${path}[${keyOf(value, i)}]`))
  }
  if (!isFields(told) || !isFields(whole)) return []
  return Object.entries(told).flatMap(([name, value]) => {
    const at = path === '' ? name : `${path}.${name}`
    return but.test(at) ? [] : falseZeros(value, whole[name], but, at)
  })
}

/** What tells one of a list from the others, where it says that. */
function keyOf(value: unknown, place: number): string {
  if (!isFields(value)) return String(place)
  const names = ['functionArn', 'kind', 'what', 'name', 'uuid', 'qualifier', 'version', 'start', 'at']
  const told = names.flatMap(name => (typeof value[name] === 'string' ? String(value[name]) : []))
  return told.length === 0 ? String(place) : told.join(' ')
}
