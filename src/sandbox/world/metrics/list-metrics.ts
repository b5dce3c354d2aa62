// ListMetrics' list: made one by one, and from any place on at once.
import type {SandboxMetric, SandboxMetricChoice} from './metric.ts'
import type {MetricSource} from './source.ts'

export function* listMetrics(
  sources: readonly MetricSource[],
  since: number,
  {namespace, name, dimensions, after}: SandboxMetricChoice,
): Iterable<SandboxMetric> {
  const begun = after && sources.findIndex(source => source.namespace === after.namespace)
  for (const [place, source] of sources.entries()) {
    if (begun !== undefined && place < begun) continue
    if (namespace !== undefined && source.namespace !== namespace) continue
    const from = place === begun ? after : undefined
    const firstName = from ? source.names.indexOf(from.name) : 0
    for (const [index, metricName] of source.names.entries()) {
      if (index < firstName || (name !== undefined && metricName !== name)) continue
      const behind = from && index === firstName ? from : undefined
      yield* ofName(source, metricName, since, dimensions ?? noDimensions, behind)
    }
  }
}

const noDimensions: ReadonlyMap<string, string | null> = new Map()

/** The account's own metric, which has no dimension, comes before those of its things. */
function* ofName(
  source: MetricSource,
  name: string,
  since: number,
  wanted: ReadonlyMap<string, string | null>,
  after: SandboxMetric | undefined,
): Iterable<SandboxMetric> {
  const {things, thingDimension, namespace} = source
  const asked = wanted.get(thingDimension)
  const last = after && (after.dimensions[thingDimension] ?? '')
  const lastKey = after && keyOf(after.dimensions)
  function* ofThing(thing: string): Iterable<SandboxMetric> {
    let isBehind = thing !== last
    for (const dimensions of source.dimensionsSince(thing, name, since)) {
      if (isBehind && hasDimensions(dimensions, wanted)) yield {namespace, name, dimensions}
      if (keyOf(dimensions) === lastKey) isBehind = true
    }
  }
  if (wanted.size === 0 && (last === undefined || last === '')) yield* ofThing('')
  const start = asked ? things.placeOf(asked) : last ? things.placeOf(last) : 0
  const count = things.count(name)
  const end = asked ? Math.min(start + 1, count) : count
  for (let place = start; place < end; place++) {
    const thing = things.at(place)
    if (!asked || thing === asked) yield* ofThing(thing)
  }
}

const keyOf = (dimensions: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(dimensions))

/** Whether dimensions have each name that is asked for, with its value or with any. */
export function hasDimensions(
  dimensions: Readonly<Record<string, string>>,
  wanted: ReadonlyMap<string, string | null>,
): boolean {
  for (const [name, value] of wanted) {
    const has = dimensions[name]
    if (has === undefined || (value !== null && has !== value)) return false
  }
  return true
}
