import type {TuneStep} from '../services/tuning/tune-steps.ts'
import {count, counted, duration, roughDuration, usd} from './numbers.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {statusText} from './tune-status.ts'
import {candidateText, endingWords, isOfSeveralArchitectures, modeWords, sizeText, targetText} from './tune-words.ts'

/** What just happened, in a line, for who looks at no table. */
export function tuneStepLine(step: TuneStep, {unicode}: Pick<Terminal, 'unicode'>): Line {
  const {dot} = glyphsFor({unicode})
  const facts = (...parts: readonly string[]): string => parts.filter(Boolean).join(` ${dot} `)
  switch (step.kind) {
    case 'begun': {
      const {plan} = step
      const {maxInvocations, maxCostUSD} = plan.limits
      const limits = plan.mode === 'observe' ? '' : `up to ${counted(maxInvocations, 'call')}, ${usd(maxCostUSD)}`
      return [span(facts(`tuning ${targetText(plan)}`, modeWords[plan.mode], limits, `run ${plan.runId}`), 'dim')]
    }
    case 'doing':
      return [span(step.what, 'dim')]
    case 'note':
      return [span(step.text, 'look')]
    case 'sampled': {
      const {sample, spent} = step
      return [
        span(facts(...sampleParts(step), `${usd(spent.costUSD)} in all`), sample.outcome === 'ok' ? 'dim' : 'look'),
      ]
    }
    case 'moved': {
      const isSeveral = isOfSeveralArchitectures(step.standings)
      return [
        span(
          `${candidateText(step.standing, isSeveral)} ${statusText(step.standing)}`,
          step.standing.status === 'infeasible' ? 'look' : 'plain',
        ),
      ]
    }
    case 'ended': {
      const {ending, recommendation, spent, startedAt, endedAt, cleanup} = step.report
      return [
        span(
          facts(
            endingWords[ending],
            recommendation === null ? '' : sizeText(recommendation.memorySizeMB),
            counted(spent.invocations, 'call'),
            usd(spent.costUSD),
            roughDuration(endedAt - startedAt),
            cleanup.cleanedUp ? '' : 'something is left in AWS',
          ),
          cleanup.cleanedUp ? 'dim' : 'bad',
        ),
      ]
    }
  }
}

/** `call 2 · 512 MB · 28 ms, 420 ms billed · cold`: what was billed where that is more than what it took, as with an init. */
export function sampleParts({sample, standings}: TuneStep & {readonly kind: 'sampled'}): readonly string[] {
  const {durationMs, billedMs, outcome, errorType} = sample
  const took = duration(durationMs)
  return [
    `call ${count(sample.index)}`,
    candidateText(sample, isOfSeveralArchitectures(standings)),
    billedMs - durationMs < 1 ? took : `${took}, ${duration(billedMs)} billed`,
    sample.isCold ? 'cold' : '',
    outcome === 'ok' ? '' : `${outcome}${errorType === null ? '' : ` ${errorType}`}`,
  ].filter(Boolean)
}
