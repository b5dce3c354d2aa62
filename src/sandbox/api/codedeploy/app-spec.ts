// The AppSpec of a Lambda deployment: JSON, or the YAML that such files are written in.

export type AppSpec = {
  readonly functionName: string
  readonly alias: string
  readonly from: string
  readonly to: string
}

/** The one function of an AppSpec; null for what is none. */
export function readAppSpec(content: string): AppSpec | null {
  const spec = parsed(content)
  const resources = memberOf(spec, 'Resources')
  const all = (Array.isArray(resources) ? resources : [resources]).flatMap(each => Object.values(recordOf(each)))
  const [resource] = all
  if (all.length !== 1 || memberOf(resource, 'Type') !== 'AWS::Lambda::Function') return null
  const properties = memberOf(resource, 'Properties')
  const text = (name: string) => {
    const value = memberOf(properties, name)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const found = {
    functionName: text('Name'),
    alias: text('Alias'),
    from: text('CurrentVersion'),
    to: text('TargetVersion'),
  }
  return Object.values(found).includes('') ? null : found
}

/** `Resources` is written `resources` too. */
function memberOf(value: unknown, name: string): unknown {
  const found = Object.entries(recordOf(value)).find(([key]) => key.toLowerCase() === name.toLowerCase())
  return found?.[1]
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return blockOf(linesOf(content))
  }
}

type Line = {readonly indent: number; readonly text: string}

/** The lines that say something; an entry of a list is a line of its own, its first member the next one. */
function linesOf(content: string): readonly Line[] {
  return content.split(/\r?\n/).flatMap(line => {
    const text = line.replace(/(^|\s)#.*$/, '').trimEnd()
    const indent = text.length - text.trimStart().length
    const [, entry, rest = ''] = /^(-)(?:\s+(.*))?$/.exec(text.trim()) ?? []
    if (text.trim() === '' || text.trim() === '---') return []
    if (!entry) return [{indent, text: text.trim()}]
    return [{indent, text: '-'}, ...(rest === '' ? [] : [{indent: indent + text.trim().indexOf(rest), text: rest}])]
  })
}

/** Maps and lists by their indentation; all else is a scalar, and what is no YAML of this kind comes out as nothing. */
function blockOf(lines: readonly Line[]): unknown {
  const [first] = lines
  if (!first) return null
  const starts = lines.flatMap(({indent}, i) => (indent === first.indent ? [i] : []))
  const parts = starts.map((start, i) => lines.slice(start, starts[i + 1] ?? lines.length))
  if (first.text === '-') return parts.map(part => blockOf(part.slice(1)))
  return Object.fromEntries(
    parts.flatMap(([head, ...inner]) => {
      const [, key, value] = /^("[^"]*"|'[^']*'|[^:\s][^:]*):(?:\s+(.*))?$/.exec(head?.text ?? '') ?? []
      if (key === undefined) return []
      return [[unquoted(key), value === undefined || value === '' ? blockOf(inner) : unquoted(value)]]
    }),
  )
}

const unquoted = (text: string): string => /^"(.*)"$/.exec(text)?.[1] ?? /^'(.*)'$/.exec(text)?.[1] ?? text
