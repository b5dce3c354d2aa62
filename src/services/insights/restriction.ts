import type {LogSource} from '../logs/source.ts'

/** The filter that leaves of log groups what was asked for, where that is not all: streams of some functions or versions. */
export function restrictionOf(sources: readonly LogSource[]): string | null {
  const restricted = sources.filter(({only}) => only !== null)
  if (restricted.length === 0) return null
  const conditions = restricted.map(source => {
    const streams = `@logStream like /${streamsOf(source)}/`
    return sources.length === 1 ? streams : `(@log not like /:${escaped(source.logGroup)}$/ or ${streams})`
  })
  return `filter ${conditions.join(' and ')}`
}

/** Lambda's own stream names; one that names no function belongs to the group's only function. */
function streamsOf({only, functions}: LogSource): string {
  const kinds = (only ?? []).map(({function: name, version}) => {
    const owner = functions.length === 1 ? `(${escaped(name)})?` : escaped(name)
    return `${owner}\\[${version === null ? '[^\\]]+' : escaped(version)}\\]`
  })
  return `^\\d{4}\\/\\d\\d\\/\\d\\d\\/(${kinds.join('|')})`
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
