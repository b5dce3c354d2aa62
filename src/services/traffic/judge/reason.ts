import type {Counts, GateMetric, JudgeInput, JudgeSettings, MetricCounts, Verdict} from './judgement.ts'
import {rateOf, totalOf} from './rate.ts'

/** How far back a shared outage is looked for. */
const recentMinutes = 5

const did: Record<GateMetric, string> = {errors: 'failed', logged: 'logged it', slow: 'were slow'}

type Total = {readonly metric: GateMetric; readonly canary: Counts; readonly baseline: Counts}

/**
 * The verdict's why in a few words: the counts that speak most for it, or that there are too few.
 * @param isShown whether health has shown: what is open then is open for its harm
 */
export function reasonOf(
  input: JudgeInput,
  verdict: Verdict,
  {settings, isShown}: {readonly settings: JudgeSettings; readonly isShown: boolean},
): string {
  const totals = input.metrics
    .map(({metric, minutes}) => ({metric, canary: totalOf(minutes, 'canary'), baseline: totalOf(minutes, 'baseline')}))
    .filter(({canary}) => canary.calls > 0)
  const worst = totals.toSorted((a, b) => excess(b, settings) - excess(a, settings))[0]
  if (!worst) return 'no traffic yet'

  const counts = countsOf(worst, input)
  if (verdict === 'unhealthy') return counts

  const shared = input.hasControl ? input.metrics.map(counted => sharedOutage(counted, input)).find(Boolean) : undefined
  if (shared !== undefined) return shared
  return verdict === 'healthy' || isShown || isWorse(worst) ? counts : tooFew(input, worst.canary)
}

/** More often than of the version before, as counted: whether by chance is what is waited for. */
function isWorse({canary, baseline}: Total): boolean {
  return canary.bad > 0 && canary.bad * Math.max(1, baseline.calls) > baseline.bad * canary.calls
}

/** Of this stage: in each health has to show anew. */
function tooFew({metrics, stageAt}: JudgeInput, {calls: all}: Counts): string {
  const calls = Math.max(
    0,
    ...metrics.map(
      ({minutes}) =>
        totalOf(
          minutes.filter(({at}) => at >= stageAt),
          'canary',
        ).calls,
    ),
  )
  const inStage =
    metrics.some(({minutes}) => minutes.some(({at}) => at < stageAt)) && calls < all ? ' at this weight' : ''
  return `too few calls to tell: ${calls.toLocaleString('en-US')} so far${inStage}`
}

function countsOf({metric, canary, baseline}: Total, {baselineVersion}: JudgeInput): string {
  const ofCanary = `${share(canary)} ${did[metric]}`
  const before = baselineVersion === undefined ? 'the old version' : `version ${baselineVersion}`
  return baseline.calls === 0 ? ofCanary : `${ofCanary}; of ${before}, ${share(baseline)}`
}

function sharedOutage({metric, minutes}: MetricCounts, {usualErrorRate}: JudgeInput): string | undefined {
  if (metric !== 'errors') return undefined

  const recent = minutes.slice(-recentMinutes)
  const canary = totalOf(recent, 'canary')
  const baseline = totalOf(recent, 'baseline')
  const isUnusual = (counts: Counts) => counts.bad > 0 && rateOf(counts).low > Math.max(0.01, 2 * (usualErrorRate ?? 0))
  if (!isUnusual(canary) || !isUnusual(baseline)) return undefined
  // alike: neither interval lies wholly beside the other
  if (rateOf(canary).low > rateOf(baseline).high) return undefined

  return `both versions fail alike: not the new one's (${share(canary)}, ${share(baseline)})`
}

function excess({canary, baseline}: Total, {times}: JudgeSettings): number {
  return rateOf(canary).low - times * (baseline.calls === 0 ? 0 : rateOf(baseline).rate)
}

function share({calls, bad}: Counts): string {
  return `${bad.toLocaleString('en-US')} of ${calls.toLocaleString('en-US')}`
}
