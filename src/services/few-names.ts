/** The first of some names, and how many there are besides: `a, b, c and 4 more`. */
export function fewNames(names: readonly string[], most = 3): string {
  const rest = names.length - most
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** The same as what a sentence is about: `a is`, `a, b are`. */
export const fewNamesAre = (names: readonly string[]): string =>
  `${fewNames(names)} ${names.length === 1 ? 'is' : 'are'}`
