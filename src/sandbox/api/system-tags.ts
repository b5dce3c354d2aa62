// What AWS refuses of tags, whatever it is that bears them.

type Tags = Readonly<Record<string, string>>

/** As many as a resource may have beside AWS's own. */
export const mostTags = 50

/** Those that only AWS sets. */
export const isSystemTag = (key: string): boolean => key.toLowerCase().startsWith('aws:')

export const withoutSystemTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !isSystemTag(key)))

export const systemTagsRefused = 'aws: prefixed tag key names are not allowed for external use.'
export const tooManyTags = 'Number of tags exceeds resource tag limit.'
