const personWords =
  'user username userid userids customer customerid email mail phone mobile address street iban ssn passport birthday birthdate dob patient subscriber passenger guest buyer shopper recipient login surname firstname lastname fullname'.split(
    ' ',
  )
const personNames = /(?:^|-)(?:first|last|full|display|family|given)-name(?:-|$)/
/** what has a person's word in its name, and is none: `user-agent`, `userPoolId`, `customerCount` */
const otherWords = new Set(['agent', 'pool', 'count', 'type', 'total'])
const words: ReadonlySet<string> = new Set(personWords)

// bounded, so that hostile text takes no time
const personalField = new RegExp(
  `(?<![\\w.-])(["']?)([\\w.-]{0,32}(?:${personWords.join('|')}|name)[\\w.-]{0,32})\\1(\\s{0,4}[:=]\\s{0,4})` +
    `("(?:[^"\\\\]|\\\\.){0,1024}"|'(?:[^'\\\\]|\\\\.){0,1024}'|[^\\s,;&"'()[\\]{}]{1,256})`,
  'gi',
)

/** The words of a field's name: `customerId`, `customer_id` and `customer.id` have the same. */
export const wordsOf = (key: string): readonly string[] =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.\s[\]]+/)
    .filter(word => word !== '')

/** Whether a field's name says that its value is somebody: `customerId`, `user.email`, `firstName`. */
export function isPersonal(key: string): boolean {
  const own = wordsOf(key)
  return (
    (own.some(word => words.has(word)) || personNames.test(own.join('-'))) && !own.some(word => otherWords.has(word))
  )
}

/** smaller numbers tell of nobody */
const leastNumber = 10_000

/** Whether a number may be somebody's: a customer's, a phone's. */
export const isTelling = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) >= leastNumber

/** A text in which the values of such fields are replaced, as in `customer=cus_1` and `"email": "joe@example.com"`. */
export function replacePersonal(text: string, replacement: (value: string) => string): string {
  return text.replaceAll(personalField, (whole, quote: string, key: string, sign: string, value: string) => {
    if (!isPersonal(key)) return whole
    const mark = /^["']/.exec(value)?.[0] ?? ''
    const bare = mark === '' ? value : value.slice(1, -1)
    return `${quote}${key}${quote}${sign}${mark}${bare === '' ? '' : replacement(bare)}${mark}`
  })
}
