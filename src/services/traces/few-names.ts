/** The first of some names, and how many there are besides: `a, b, c and 4 more`. */
export function fewNames(names: readonly string[], most = 3): string {
  const rest = names.length - most
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
