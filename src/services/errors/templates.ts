/** A token that differs between the texts of one template. */
const wildcard = '<*>'
const mostTokens = 64
// of the tokens, so many must be the same: a word of four may differ, of three none
const leastAlike = 0.7

/** The words of a masked text; of a very long one the first. */
export function tokensOf(text: string): readonly string[] {
  const tokens = text.split(/\s+/, mostTokens + 1)
  return tokens.length > mostTokens ? [...tokens.slice(0, mostTokens), '…'] : tokens
}

/**
 * Groups templates that differ in a few words, as Drain does (He, Zhu, Zheng and Lyu, Drain: an online log parsing approach
 * with fixed depth tree, ICWS 2017): first by their number of words, then each joins the first group that is alike in at
 * least 70 % of its words at the same places, where the words that differ become `<*>`. Drain's second level, the first
 * word, is left out: as often as not it is what changes. The outcome depends on the set of texts, not on their order: they
 * are taken in that of their text.
 */
export function groupTemplates<Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
): readonly {readonly template: string; readonly items: readonly Item[]}[] {
  const bySize = new Map<number, Group<Item>[]>()
  const sorted = items.map(item => [textOf(item), item] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  for (const [text, item] of sorted) {
    const tokens = tokensOf(text)
    const groups = bySize.get(tokens.length) ?? []
    bySize.set(tokens.length, groups)
    const group = groups.find(group => areAlike(group.tokens, tokens))
    if (group) {
      group.tokens = joinTokens(group.tokens, tokens)
      group.items.push(item)
    } else groups.push({tokens, items: [item]})
  }
  return [...bySize.values()].flat().map(({tokens, items}) => ({template: tokens.join(' '), items}))
}

type Group<Item> = {tokens: readonly string[]; readonly items: Item[]}

/** Whether a text has the words of a template, save for those that differ in it. */
export function fits(template: readonly string[], tokens: readonly string[]): boolean {
  return (
    template.length === tokens.length &&
    template.every((word, i) => word === tokens[i] || word === wildcard || isSame(word, tokens[i] ?? ''))
  )
}

function areAlike(template: readonly string[], tokens: readonly string[]): boolean {
  const mostDifferent = Math.floor(tokens.length * (1 - leastAlike) + 1e-9)
  let different = 0
  for (let i = 0; i < tokens.length; i++)
    if (!isSame(template[i] ?? '', tokens[i] ?? '') && ++different > mostDifferent) return false
  return true
}

/** `sku=KIWI` and `sku=PLUM` say the same of what they are. */
function isSame(known: string, token: string): boolean {
  if (known === token) return known !== wildcard
  const key = keyOf(token)
  return key !== '' && known.startsWith(key)
}

/** What two texts of as many words have in common, whichever comes first. */
export function joinTokens(template: readonly string[], tokens: readonly string[]): readonly string[] {
  if (template.every((token, i) => token === tokens[i])) return template
  return template.map((token, i) => {
    const other = tokens[i] ?? ''
    if (token === other) return token
    const key = keyOf(other)
    if (key !== '' && token.startsWith(key)) return key + wildcard
    // an id that happens to be a word now and then is still one
    const masks = [token, other].filter(word => mask.test(word)).sort()
    return masks[0] ?? wildcard
  })
}

const mask = /^<[a-z]+>$/

function keyOf(token: string): string {
  const at = token.indexOf('=')
  return at > 0 && at < token.length - 1 ? token.slice(0, at + 1) : ''
}
