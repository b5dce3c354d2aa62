/** What is quoted nowhere, and no terminal obeys. */
const plainName = /^[\p{L}\p{N}_.-]+$/u

/** The names of what the config file keeps below a key; none where it is no JSON, or of another shape. */
export function configNames(text: string, key: 'queries' | 'scopes'): readonly string[] {
  try {
    const root: unknown = JSON.parse(text)
    if (typeof root !== 'object' || root === null) return []
    const kept = new Map<string, unknown>(Object.entries(root)).get(key)
    return typeof kept === 'object' && kept !== null ? Object.keys(kept).filter(name => plainName.test(name)) : []
  } catch {
    return []
  }
}
