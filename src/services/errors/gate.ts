import type {ErrorCluster} from './cluster.ts'
import {chanceOfNew, significanceToAct} from './trend.ts'

export type FailOn = 'new' | 'growing'

/** A function whose version that serves now is compared with the one before it. */
export type ComparedVersions = {
  readonly account: string | null
  readonly region: string
  readonly function: string
  readonly functionArn: string
  /** null where versions are not told by an alias: $LATEST, before and after it was changed */
  readonly alias: string | null
  readonly version: string
  /** null where nothing served before, as far as the logs tell */
  readonly previousVersion: string | null
  /** epoch ms; null where it has not served yet */
  readonly servesSince: number | null
  /** whether both serve now, each its share */
  readonly sideBySide: boolean
  readonly invocations: number
  readonly previousInvocations: number
}

export type GateResult = {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** why, a sentence each */
  readonly reasons: readonly string[]
  readonly minInvocations: number
  readonly functions: readonly ComparedVersions[]
}

export type GateQuestion = {
  readonly clusters: readonly ErrorCluster[]
  readonly functions: readonly ComparedVersions[]
  readonly minInvocations: number
  /** null: nothing fails it */
  readonly failOn: FailOn | null
  /** whether something could not be read */
  readonly hasGaps: boolean
  /** whether all the time that was asked for has passed */
  readonly isOver: boolean
  /** whether somebody stopped it before */
  readonly isStopped: boolean
}

/** Without `--min-invocations`: fewer say nothing of an error that one in ten requests meets with 99 % certainty (0.9⁴⁴). */
export const minInvocationsByDefault = 50

/**
 * The verdict on a deploy: `fail` when an error is new, or grows, as asked; `pass` only when the version that serves now and
 * the one before it had enough traffic, everything could be read, and nothing failed it; else `inconclusive`. While time
 * is left, or on too little traffic, only what is certain fails it; null: it is too early to tell.
 */
export function judge(question: GateQuestion): Omit<GateResult, 'functions'> | null {
  const {clusters, functions, minInvocations, failOn, hasGaps, isOver, isStopped} = question
  const tooFew = allShortcomings(functions, minInvocations)
  const isSolid = isOver && !isStopped && tooFew.length === 0
  const failing = clusters.filter(({trend, count, functions: owners}) => {
    if (failOn === null) return false
    if (trend === 'growing') return failOn === 'growing'
    if (trend !== 'new') return false
    // what is new came in the window only: there is no other function that it came from
    const arns = new Set(owners.flatMap(({functionArn}) => functionArn ?? []))
    const {now, before} = invocationsCompared(functions, arns)
    if (before === 0) return false
    return isSolid || chanceOfNew({count, exposure: now}, {count: 0, exposure: before}) <= significanceToAct
  })
  if (failing.length > 0) {
    const reasons = failing.map(({trend, count, title}) => `${trend}: ${count} × ${title}`)
    return {verdict: 'fail', reasons, minInvocations}
  }
  if (!isOver) return null
  const reasons = [
    ...tooFew,
    ...(hasGaps ? ['some logs could not be read'] : []),
    ...(isStopped ? ['it was stopped before its time was over'] : []),
  ]
  if (functions.length === 0) reasons.push('there is no function to compare')
  return {verdict: reasons.length > 0 ? 'inconclusive' : 'pass', reasons, minInvocations}
}

/** In how many invocations of the versions that are compared an error can come: in those of the functions it comes from. */
export type InvocationsCompared = {readonly now: number; readonly before: number}

/**
 * Where one of the functions had nothing before, `before` is 0: what it always said would look new beside a function that
 * was deployed.
 */
export function invocationsCompared(
  functions: readonly ComparedVersions[],
  functionArns: ReadonlySet<string>,
): InvocationsCompared {
  const own = functions.filter(({functionArn}) => functionArns.has(functionArn))
  const isComparable = own.every(({previousInvocations}) => previousInvocations > 0)
  return {
    now: sum(own.map(({invocations}) => invocations)),
    before: isComparable ? sum(own.map(({previousInvocations}) => previousInvocations)) : 0,
  }
}

/** Those of each function, save that many without anything to compare with are only counted. */
function allShortcomings(functions: readonly ComparedVersions[], least: number): readonly string[] {
  const unserved = functions.filter(({servesSince}) => servesSince === null)
  const first = functions.filter(({servesSince, previousVersion}) => servesSince !== null && previousVersion === null)
  const counted = new Set([unserved, first].filter(({length}) => length > 1).flat())
  return [
    ...functions.filter(one => !counted.has(one)).flatMap(one => shortcomings(one, least)),
    ...(unserved.length > 1
      ? [`${grouped(unserved.length)} functions have not served yet, as far as their logs tell`]
      : []),
    ...(first.length > 1
      ? [
          `${grouped(first.length)} functions served nothing before in this window, so there is nothing to compare them with`,
        ]
      : []),
  ]
}

function shortcomings(compared: ComparedVersions, least: number): readonly string[] {
  const {function: name, version, previousVersion, servesSince, invocations, previousInvocations} = compared
  if (servesSince === null) return [`${name}:${version} has not served yet, as far as its logs tell`]
  if (previousVersion === null)
    return [`${name}:${version}: nothing served before it in this window, so there is nothing to compare with`]
  return [
    ...(invocations < least
      ? [`${name}:${version} had ${grouped(invocations)} of the ${grouped(least)} invocations it takes`]
      : []),
    ...(previousInvocations < least
      ? [
          `${name}:${previousVersion}, which served before, had ${grouped(previousInvocations)} of the ${grouped(least)} invocations it takes`,
        ]
      : []),
  ]
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** `18,204`, as in everything that people read. */
const grouped = (value: number): string => value.toLocaleString('en-US')
