import {isKnown, type Known} from '../../../known.ts'
import type {MetricSeries} from '../metric-reader.ts'
import type {CountedFunction} from './function-figures.ts'
import type {CountedInit} from './init-kind.ts'
import {sumUpTo} from './invocation-counts.ts'

type Counted = Pick<CountedFunction, 'of' | 'inits' | 'invocations'>

/**
 * Inits that look felt by the log, of functions whose calls were all served by provisioned concurrency as CloudWatch counts them
 * (ProvisionedConcurrencyInvocations): they are inits of it, to which a request came within seconds. A log in text does not tell.
 * @param served what provisioned concurrency served, of functions that have some
 * @param end epoch ms
 */
export function withoutServed<T extends Counted>(
  counted: readonly T[],
  served: ReadonlyMap<CountedFunction['of'], Known<MetricSeries>>,
  end: number,
): readonly T[] {
  return counted.map(one =>
    callsBeyond(one, served, end) === 0
      ? {...one, inits: one.inits.map(init => (init.kind === 'onDemand' ? {...init, ...ofProvisioned(init)} : init))}
      : one,
  )
}

/** Such an init is part of what provisioned concurrency costs. */
const ofProvisioned = ({costUSD}: CountedInit) => ({kind: 'provisioned', feltMs: null, costUSD: costUSD && 0}) as const

/** Calls that provisioned concurrency did not serve; null where it served none, or nobody knows. */
function callsBeyond(
  {of, invocations}: Counted,
  served: ReadonlyMap<CountedFunction['of'], Known<MetricSeries>>,
  end: number,
): number | null {
  const series = served.get(of)
  const byProvisioned = series && sumUpTo(series, end)
  if (!byProvisioned || !isKnown(byProvisioned) || !isKnown(invocations) || byProvisioned.value === 0) return null
  return Math.max(0, invocations.value - byProvisioned.value)
}

/**
 * What to know of functions of which more cold starts look felt than calls went beyond their provisioned concurrency, as
 * CloudWatch counts them (ProvisionedConcurrencyInvocations): one of the two is not right, and the log does not tell which.
 * @param served what provisioned concurrency served, of functions that have some
 * @param end epoch ms
 */
export function spilloverNotes(
  counted: readonly Counted[],
  served: ReadonlyMap<CountedFunction['of'], Known<MetricSeries>>,
  end: number,
): readonly string[] {
  return counted.flatMap(one => {
    const {of, inits} = one
    const beyond = callsBeyond(one, served, end)
    const felt = inits.filter(({feltMs}) => feltMs !== null).length
    if (!beyond || felt <= beyond) return []
    const calls = beyond === 1 ? '1 call' : `${beyond.toLocaleString('en')} calls`
    return [
      `by the log of ${of.name} ${felt} cold starts were felt, but CloudWatch counted ${calls} that its provisioned concurrency did not serve: some may be inits of it to which a request came within seconds`,
    ]
  })
}
