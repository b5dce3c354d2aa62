import {isKnown} from '../../../known.ts'
import {fewNames} from '../../few-names.ts'
import {durationText} from '../../time/duration.ts'
import {aliasName, percentText} from '../alias/alias-state.ts'
import type {GateAlarm} from '../evidence/evidence.ts'
import {evidenceMs} from '../judge/evidence-eta.ts'
import {writeSeconds} from './plan-times.ts'
import type {Member, ShiftPlan, ShiftWish} from './shift-plan.ts'

type Planned = Pick<
  ShiftPlan,
  'members' | 'stages' | 'expectedMs' | 'maxTimeMs' | 'sameRelease' | 'writesPerStage' | 'gateCostUSD' | 'ladder'
> & {
  readonly wish: ShiftWish
  readonly alarms: readonly GateAlarm[]
  /** who answers HTTP by each member */
  readonly http: readonly (readonly string[])[]
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** nobody watches a shift for longer */
const longestWaitMs = dayMs
const half = 5_000
/** half of the stages take longer than evidence does on average */
const waitsLonger = 1.5
/** a release that is mixed for one request of ten is worth a word */
const seldomMixed = 0.9
const costWorthTellingUSD = 0.1
/** CloudWatch tells the last minutes so much later than they were */
const metricsLateMs = 2 * minuteMs
/** where a quarter of the calls goes past the alias */
const mostOfAll = 0.75

/** What is worth knowing before a shift is agreed to, the worst first. */
export function planWarnings(plan: Planned): readonly string[] {
  return [
    ...unwatched(plan),
    ...withoutEvidence(plan),
    ...managed(plan),
    ...alarmStates(plan),
    ...unseenErrors(plan),
    ...mixed(plan),
    ...passedBy(plan),
    ...late(plan),
    ...outOfStep(plan),
    ...load(plan),
  ]
}

const some = (members: readonly Member[]): string => fewNames(members.map(aliasName))

export const unwatchedDeployment =
  'CodeDeploy goes by time and alarms, and none is named, nor has its group any that is known: nothing takes it back'

function unwatched({wish, ladder, stages}: Planned): readonly string[] {
  if (wish.alarms.length > 0) return []
  if (wish.handOver !== null) return [unwatchedDeployment]
  if (wish.gate === 'auto') return []
  if (ladder === 'weight') return ['nothing is watched once the weight is set, and nothing takes it back']
  return [`nothing is watched: only ${stages.length === 0 ? 'slsops rollback' : 'Ctrl-C'} takes it back`]
}

function withoutEvidence({wish, members, stages, expectedMs, maxTimeMs}: Planned): readonly string[] {
  if (wish.gate === 'none' || wish.handOver !== null) return []
  const unknown = members.filter(({traffic}) => !isKnown(traffic))
  const quiet = members.filter(({traffic}) => isKnown(traffic) && traffic.value.perMinute === 0)
  const then = `it will ${wish.onInconclusive === 'hold' ? 'be held' : wish.onInconclusive === 'rollback' ? 'go back' : 'go on'} after ${durationText(maxTimeMs)}`
  const told = [
    ...unknown
      .slice(0, 1)
      .map(
        ({traffic}) =>
          `how much ${some(unknown)} ${unknown.length > 1 ? 'are' : 'is'} called is not known: ${isKnown(traffic) ? '' : traffic.detail}`,
      ),
    ...(quiet.length > 0
      ? [`${some(quiet)}: no calls for a day; without any nobody can tell health, and ${then}`]
      : []),
  ]
  if (quiet.length > 0 || unknown.length > 0 || (expectedMs !== null && expectedMs <= maxTimeMs)) return told
  const slowest = [...members].sort((one, other) => (other.evidenceMs ?? Infinity) - (one.evidenceMs ?? Infinity))[0]
  if (slowest === undefined) return told
  const takes =
    expectedMs === null ? 'health never shows' : `it takes ${durationText(expectedMs)} until health has shown`
  const calls = isKnown(slowest.traffic) ? slowest.traffic.value.perMinute : 0
  return [
    `${takes} at the traffic of ${aliasName(slowest)} (${Number(calls.toPrecision(2))} calls a minute), longer than it may wait (${durationText(maxTimeMs)}): ${proposals(slowest, {wish, stages, expectedMs})}; else ${then}`,
    ...told,
  ]
}

/** What would show health sooner, each with how long its first step takes then. */
function proposals(
  {traffic, repeats}: Member,
  {wish, stages, expectedMs}: Pick<Planned, 'wish' | 'stages' | 'expectedMs'>,
): string {
  const {judge} = wish
  const {perMinute, errorRate} = isKnown(traffic) ? traffic.value : {perMinute: 0, errorRate: 0}
  const usual = {perMinute, errorRate: errorRate ?? 0}
  const first = stages[0]?.basisPoints ?? half
  const msAt = (basisPoints: number, worseBy: number): number =>
    evidenceMs(usual, basisPoints, {...judge, worseBy}, repeats) ?? Infinity
  const timeAt = (basisPoints: number, worseBy: number): string => {
    const ms = msAt(basisPoints, worseBy)
    return ms === Infinity ? 'for ever' : durationText(ms)
  }
  const wider = Math.min(0.5, Number((judge.worseBy * 2.5).toFixed(4)))
  const steps = [
    `a step of ${percentText(first)} takes ${timeAt(first, judge.worseBy)}`,
    ...(first < half ? [`one of 50 % ${timeAt(half, judge.worseBy)}`] : []),
    // latency has its own margin, and may be what takes so long
    ...(msAt(Math.max(first, half), wider) < 0.75 * msAt(Math.max(first, half), judge.worseBy)
      ? [`with "worseBy" ${wider} in the config file’s gate ${timeAt(Math.max(first, half), wider)}`]
      : []),
  ].join(', ')
  if (expectedMs === null) return steps
  const waitMs = expectedMs * waitsLonger
  if (waitMs > longestWaitMs)
    return `${steps}; begin with a larger weight, or go by time and alarms: --gate none --alarm NAME`
  return `${steps}; --max-time ${waitFlag(waitMs)} waits for it`
}

/** As it is typed, no shorter: `45m`, `6h`. */
const waitFlag = (ms: number): string =>
  ms <= 2 * hourMs ? `${Math.ceil(ms / minuteMs)}m` : `${Math.ceil(ms / hourMs)}h`

function managed({members}: Planned): readonly string[] {
  const warning = (kind: 'cloudformation' | 'terraform', by: string, text: string): readonly string[] => {
    const those = members.filter(({managers}) => managers.some(manager => manager.kind === kind))
    const names = [
      ...new Set(those.flatMap(({managers}) => managers.flatMap(each => (each.kind === kind ? each.name : [])))),
    ]
    return those.length === 0
      ? []
      : [`${some(those)} ${those.length > 1 ? 'are' : 'is'} managed by ${by} (${fewNames(names)}): ${text}`]
  }
  return [
    ...warning(
      'terraform',
      'Terraform',
      'an apply meanwhile sets the alias back to what it has, and later one does, unless the version is changed there too',
    ),
    ...warning('cloudformation', 'CloudFormation', 'the next deploy may move the alias again'),
  ]
}

function alarmStates({alarms, wish}: Planned): readonly string[] {
  return alarms.flatMap(({name, state, isEvaluated}) => {
    if (state === 'ALARM' && wish.allowAlarms.includes(name))
      return [`alarm ${name} is red already, which is allowed: it counts only when it goes off anew`]
    if (state === 'INSUFFICIENT_DATA' || !isEvaluated)
      return [
        `alarm ${name} says nothing now (${isEvaluated ? 'INSUFFICIENT_DATA' : 'it could not be evaluated'}): until it does, nothing goes on`,
      ]
    return []
  })
}

/** A returned HTTP 500 is an answer to Lambda, and no error. */
function unseenErrors({members, http, wish}: Planned): readonly string[] {
  if (wish.gate === 'none' || wish.handOver !== null || wish.gateFilter !== null) return []
  const behind = members.filter((_, i) => (http[i]?.length ?? 0) > 0)
  if (behind.length === 0) return []
  const what = [...new Set(http.flat())].join(' and ')
  return [
    `${some(behind)} ${behind.length > 1 ? 'answer' : 'answers'} ${what}: an HTTP 500 that is returned is no error to Lambda, and the gate does not see it; --gate-filter counts log lines, --alarm watches the 5xx`,
  ]
}

function mixed({sameRelease, members}: Planned): readonly string[] {
  if (sameRelease === null || sameRelease >= seldomMixed) return []
  return [
    `each of ${members.length} functions routes by itself: a request through all of a wave meets one release only in ${Number((sameRelease * 100).toFixed(2))} % of cases at worst; --wave moves those first that others call, --all-at-once mixes shortest`,
  ]
}

function passedBy({members, wish}: Planned): readonly string[] {
  const past = members.filter(
    ({traffic}) => isKnown(traffic) && traffic.value.aliasShare !== null && traffic.value.aliasShare < mostOfAll,
  )
  return past.map(member => {
    const share = isKnown(member.traffic) ? (member.traffic.value.aliasShare ?? 0) : 0
    const forced = share === 0 && wish.force ? ', which is forced' : ''
    return `${Math.round(share * 100)} % of the calls of ${member.functionName} go through ${member.alias}${forced}: the others are not shifted`
  })
}

/** Metrics are dated by the start of an invocation: what runs for minutes is known to have failed when it ends. */
function late({members, stages, wish}: Planned): readonly string[] {
  if (wish.gate === 'none' || wish.handOver !== null) return []
  const shortest = Math.min(...stages.map(({minMs}) => minMs).filter(ms => ms > 0))
  const slow = members.filter(
    ({timeoutSeconds}) => timeoutSeconds * 1000 + metricsLateMs > Math.max(shortest, 5 * 60_000),
  )
  const [longest] = [...slow].sort((one, other) => other.timeoutSeconds - one.timeoutSeconds)
  if (longest === undefined) return []
  const ms = longest.timeoutSeconds * 1000
  return [
    `${some(slow)} may run for up to ${durationText(ms)}: a call that fails can take so long, and ${durationText(metricsLateMs)} more, to be counted`,
  ]
}

function outOfStep({members, stages, wish}: Planned): readonly string[] {
  if (wish.handOver !== null) return []
  return members.flatMap(member => {
    const {wave, basisPoints = member.at} = stages.find(stage => stage.wave.includes(member.functionName)) ?? {}
    if (member.at <= basisPoints) return []
    const others = (wave?.length ?? 0) > 1 && wish.ladder.kind !== 'weight' ? ', to be in step with the others' : ''
    return [`${aliasName(member)} goes back from ${percentText(member.at)} to ${percentText(basisPoints)}${others}`]
  })
}

function load({writesPerStage, gateCostUSD}: Planned): readonly string[] {
  const seconds = writeSeconds(writesPerStage)
  return [
    ...(seconds >= 1 ? [`each stage writes ${writesPerStage} aliases, which takes about ${Math.ceil(seconds)} s`] : []),
    ...(gateCostUSD >= costWorthTellingUSD
      ? [`reading the gate’s metrics costs about $${gateCostUSD.toFixed(2)}`]
      : []),
  ]
}
