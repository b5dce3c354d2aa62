import type {Scope} from '../services/aws/scope.ts'
import type {Gap} from '../services/receipt.ts'
import type {TunePlan} from '../services/tuning/tune-plan.ts'
import {reportJson} from './report-json.ts'
import {placeOf} from './tune-words.ts'

export type TunePlanJsonOptions = {
  readonly scope: Scope
  /** who calls, as an ARN; null where nobody knows */
  readonly caller: string | null
  /** what was asked for and will not be tuned */
  readonly leftOut: readonly Gap[]
  /** what is read of the past; epoch ms */
  readonly window: {readonly start: number; readonly end: number}
}

/** What --dry-run shows as one `slsops/tune-plan@1` document; of several functions `functions[]`. Of payloads it has how many, and how long. */
export function tunePlanJson(
  plans: readonly TunePlan[],
  {scope, caller, leftOut, window}: TunePlanJsonOptions,
): string {
  const [only, ...others] = plans
  const body = only !== undefined && others.length === 0 ? planObject(only) : {functions: plans.map(planObject)}
  return reportJson('tune-plan', {window, scopes: [scope], gaps: leftOut}, {caller, ...body})
}

function planObject(plan: TunePlan) {
  const {source, candidates, clones, payloads} = plan
  return {
    ...askedFields(plan),
    current: {memorySizeMB: source.memorySizeMB, architecture: source.architecture},
    sizes: candidates,
    clones,
    payloads: payloads.map(({text, weight}) => ({bytes: Buffer.byteLength(text), weight})),
    payloadAssumed: plan.isPayloadAssumed,
    allowErrors: plan.allowErrors,
    concurrency: plan.concurrency,
    ...basisFields(plan),
    notes: plan.notes,
  }
}

/** Which function a plan is of, as documents name it. */
export const tunedFunction = (plan: TunePlan) => ({
  ...placeOf(plan),
  function: plan.source.name,
  functionArn: plan.source.arn,
})

/** What is tuned, and what was asked for, as documents name it. */
export const askedFields = (plan: TunePlan) => {
  const {source, runId, mode, objective} = plan
  return {
    ...tunedFunction(plan),
    qualifier: source.qualifier,
    version: source.version,
    runId,
    mode,
    goal: objective.goal.kind,
    ...(objective.goal.kind === 'balanced' && {costWeight: objective.goal.weight}),
    slo: objective.slo,
    costTolerance: objective.costTolerance,
    indifference: objective.indifference,
  }
}

/** What costs are reckoned by, and what a run may take, as documents name it. */
export const basisFields = ({coldRatio, prices, limits}: TunePlan) => ({
  coldRatio,
  price: {
    source: prices.source,
    asOf: prices.asOf,
    isListed: prices.isListed,
    perGBSecondUSD: prices.perGBSecond,
    perRequestUSD: prices.perRequest,
  },
  limits,
})
