import type {ListedTrace} from './trace-summary.ts'

/** The function that served a trace, where it is known: a request comes in by an API or a queue, which is not what one looks for. */
export function servedBy({entry, services, causes}: Pick<ListedTrace, 'entry' | 'services' | 'causes'>): string | null {
  const functions = new Set(services.filter(({type}) => type?.startsWith('AWS::Lambda')).map(({name}) => name))
  if (entry !== null && functions.has(entry)) return entry
  // what was handled on the way has a chain that begins there
  const whole = causes.filter(({chain}) => entry === null || chain[0] === entry)
  const first = whole.flatMap(({chain}) => chain).find(name => functions.has(name))
  if (first !== undefined) return first
  const [only] = functions
  return (functions.size === 1 ? only : undefined) ?? entry ?? services[0]?.name ?? null
}
