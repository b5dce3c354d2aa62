// The company's past together with what clients invoked, for all that counts.
//
// What is counted is named by a place: a function with all that ran of it (`checkout-api`), or one resource of it, as
// CloudWatch tells resources apart (`checkout-api:live`, `checkout-api:7`; `checkout-api:` is the unqualified function).
import type {Executed, Executions} from './executions.ts'
import type {History, Touch} from './history.ts'

export type InvokedHistory = {
  readonly history: History
  /** whether the company's own requests come to a place */
  readonly isCompanys: (place: string) => boolean
  /** touches of the company's own requests at a place */
  readonly touchesIn: (place: string) => readonly Touch[]
  /** what clients invoked at a place, of one version or of all, with a START in [from, to) */
  readonly executed: (place: string, version: string | undefined, from: number, to: number) => readonly Executed[]
  /** requests of clients that were refused at a place in [from, to) */
  readonly throttles: (place: string, from: number, to: number) => number
  /** the ways in which clients named a function since a moment */
  readonly askedFor: (functionName: string, since: number) => readonly Asked[]
}

/** How clients named a function, null being the unqualified one, and the versions that ran. */
export type Asked = {readonly qualifier: string | null; readonly versions: readonly string[]}

export type InvokedHistoryOptions = {
  readonly history: History
  readonly touchesIn: (place: string) => readonly Touch[]
  readonly executions: Executions
  /** whether the company calls a function by its alias */
  readonly hasAlias: (functionName: string) => boolean
}

/** The alias that functions of the company are released by. */
export const releaseAlias = 'live'

/** @param qualifier null for the unqualified function */
export const placeOf = (functionName: string, qualifier: string | null): string => `${functionName}:${qualifier ?? ''}`

/** The function or log group that a place belongs to. */
export function nameOf(place: string): string {
  const colon = place.indexOf(':')
  return colon < 0 ? place : place.slice(0, colon)
}

/** undefined where a place is all of a function, null where it is the unqualified one */
function qualifierOf(place: string): string | null | undefined {
  const colon = place.indexOf(':')
  return colon < 0 ? undefined : place.slice(colon + 1) || null
}

export function withExecutions(options: InvokedHistoryOptions): InvokedHistory {
  const {history, executions, hasAlias} = options

  function isCompanys(place: string): boolean {
    const qualifier = qualifierOf(place)
    return qualifier === undefined || qualifier === (hasAlias(nameOf(place)) ? releaseAlias : null)
  }

  function at(place: string): readonly Executed[] {
    const found = executions.of(nameOf(place))
    const qualifier = qualifierOf(place)
    return qualifier === undefined || found.length === 0 ? found : found.filter(each => each.qualifier === qualifier)
  }

  function executed(place: string, version: string | undefined, from: number, to: number): readonly Executed[] {
    const all = at(place)
    if (all.length === 0) return all
    return all.filter(
      ({placed: {run}}) => run.at >= from && run.at < to && (version === undefined || run.version === version),
    )
  }

  return {
    history: {
      ...history,
      runs(place, from, to) {
        const own = isCompanys(place) ? history.runs(nameOf(place), from, to) : []
        const asked = executed(place, undefined, from, to)
        return asked.length === 0 ? own : [...own, ...asked.map(each => each.placed.run)].sort((x, y) => x.at - y.at)
      },
      starts(place, version, from, to, seen) {
        if (isCompanys(place)) history.starts(nameOf(place), version, from, to, seen)
        for (const {placed, endedAt} of at(place)) {
          const {touch, at: start, version: ranOn, a} = placed.run
          // they may run longer than anything of the company's does
          if (start < to && endedAt >= from && (version === undefined || ranOn === version)) seen(touch, start, a)
        }
      },
      count(place, from, to, of = {}) {
        const own = isCompanys(place) ? history.count(nameOf(place), from, to, of) : 0
        const asked = executed(place, of.version, from, to)
        if (of.outcome === undefined) return own + asked.length
        return own + asked.filter(({change}) => change.outcome === of.outcome).length
      },
    },
    isCompanys,
    touchesIn: place => (isCompanys(place) ? options.touchesIn(nameOf(place)) : []),
    executed,
    askedFor(functionName, since) {
      const ran = executions.of(functionName).flatMap(({qualifier, placed: {run}}) => {
        return run.at >= since ? [{qualifier, versions: [run.version]}] : []
      })
      const refused = executions.throttled(functionName).flatMap(({qualifier, at: refusedAt}) => {
        return refusedAt >= since ? [{qualifier, versions: []}] : []
      })
      return [...Map.groupBy([...ran, ...refused], ({qualifier}) => qualifier)].map(([qualifier, uses]) => ({
        qualifier,
        versions: [...new Set(uses.flatMap(({versions}) => versions))],
      }))
    },
    throttles(place, from, to) {
      const qualifier = qualifierOf(place)
      return executions
        .throttled(nameOf(place))
        .filter(each => each.at >= from && each.at < to && (qualifier === undefined || each.qualifier === qualifier))
        .length
    },
  }
}
