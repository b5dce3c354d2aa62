import {parseArgs} from 'node:util'
import {evidenceMs} from '../src/services/traffic/judge/evidence-eta.ts'
import {seededRandom} from '../src/services/tuning/statistics/seeded-random.ts'
import {calledHealthy, rules, sentBack, settings} from './shift-rules.ts'
import {minutes, playShift, scenarios, steady, weight, worseFrom} from './shift-scenarios.ts'
import {intervalOf, isWithin, minuteSpread} from './shift-share.ts'

/**
 * How often `slsops shift` and what others do send a release back that is no worse, and how soon one that is. Beside each figure the
 * one that the method's author found, with 1,000 shifts of 60 minutes at a weight of 10 %.
 */
const {values} = parseArgs({options: {runs: {type: 'string', default: '1000'}, seed: {type: 'string', default: '1'}}})
const runs = Number(values.runs)
const seed = Number(values.seed)
const missed: string[] = []

type Reference = {readonly percent: number | null; readonly minute: number | null}
const at = (percent: number | null, minute: number | null = null): Reference => ({percent, minute})

/** by scenario, in the rules' order: % sent back, and the median minute */
const references: readonly (readonly Reference[])[] = [
  [at(26.5), at(0.2), at(0), at(100), at(3.4), at(0)],
  [at(95), at(12), at(31), at(16), at(11), at(0)],
  [at(100), at(100), at(0), at(99.9), at(20), at(0)],
  [at(100), at(99.9), at(100), at(100), at(20), at(0)],
  [at(100), at(100), at(100), at(100), at(19), at(0)],
  [at(100, 2), at(99.8, 7), at(100, 10), at(100, 12), at(100, 4), at(97, 20)],
  [at(100, 1), at(100, 2), at(100, 4), at(100, 6), at(100, 1), at(100, 3)],
  [at(100, 1), at(100, 3), at(100, 6), at(100, 5), at(100, 2), at(100, 5)],
  [at(100, 1), at(100, 2), at(100, 4), at(100, 5), at(100, 1), at(100, 1)],
  [at(100, 1), at(100, 2), at(100, 4), at(100, 5), at(100, 1), at(100, 1)],
  [at(null, 11), at(null, 12), at(null, 14), at(null, 15), at(null, 36), at(100, 35)],
]

console.log(`% of ${runs} shifts of ${minutes} minutes sent back at 10 % (median minute) | 99 % interval | reference`)
for (const [row, scenario] of scenarios.entries()) {
  console.log(`\n${scenario.name}`)
  const random = seededRandom(seed * 1000 + row)
  const shifts = Array.from({length: runs}, () => playShift(scenario, random))
  for (const [column, [name, rule]] of Object.entries(rules).entries())
    cell(name, shifts.map(rule), references[row]?.[column] ?? at(null), name.startsWith('e-process'))
  if (row < scenarios.length - 1) continue

  const early = shifts.filter(shift => sentBack(shift.slice(0, worseFrom - 1), 1) !== null).length
  if (!isWithin(0, intervalOf(early, runs))) missed.push('sent back by the shared outage')
  console.log(`  e-process, before ${worseFrom}   ${intervalOf(early, runs).text} | 0`)
}

console.log('\nfailures counted three times each, both versions 2 %, 100 rpm')
const clustered = steady('', 100, 0.02, 0.02)
for (const [repeats, name, percent] of [
  [1, 'λ=1', 4.8],
  [3, 'λ=⅓', 0.1],
] as const) {
  const random = seededRandom(seed * 1000 + 100)
  const shifts = Array.from({length: runs}, () => playShift(clustered, random, {cluster: 3}))
  cell(
    name,
    shifts.map(shift => sentBack(shift, repeats)),
    at(percent),
    false,
  )
}

console.log('\n% called healthy in 240 minutes, 100 rpm | 99 % interval | at most (β)')
for (const [index, usual] of [0, 0.005, 0.02, 0.05].entries())
  for (const [times, most] of [
    [1, 5],
    [3, 0.1],
  ] as const) {
    const random = seededRandom(seed * 1000 + 200 + 10 * index + times)
    const scenario = steady('', 100, usual + times * 0.02, usual)
    const healthy = Array.from({length: runs}, () => calledHealthy(playShift(scenario, random, {length: 240})))
    const share = intervalOf(healthy.filter(minute => minute !== null).length, runs)
    const isFine = share.low <= most / 100
    if (!isFine) missed.push(`called healthy at ${usual} + ${times} · 0.02`)
    console.log(
      `  ${`${100 * usual} % + ${2 * times} %`.padEnd(22)} ${share.text} | ${most} ${isFine ? 'within' : 'ABOVE'}`,
    )
  }

console.log('\nminutes until health shows, 100 rpm: told, and in the middle of shifts (never in 600 minutes)')
for (const usual of [0, 0.005, 0.01, 0.02, 0.05, 0.1]) {
  const random = seededRandom(seed * 1000 + 300)
  const scenario = steady('', 100, usual, usual)
  const shown = Array.from({length: runs / 5}, () => calledHealthy(playShift(scenario, random, {length: 600})))
  const told = evidenceMs({perMinute: 100, errorRate: usual}, 10_000 * weight, settings)
  const {median} = minuteSpread(shown.map(minute => minute ?? Number.POSITIVE_INFINITY))
  const never = intervalOf(shown.filter(minute => minute === null).length, shown.length)
  const toldText = told === null ? 'never' : told / 60_000
  console.log(
    `  both fail ${100 * usual} %`.padEnd(24),
    `${toldText} → ${median} (${(100 * never.share).toFixed(1)} %)`,
  )
}

console.log(
  '\nlatency, of the old one 5 % are slow: % called healthy in 240 minutes, 100 rpm | 99 % interval | at most',
)
for (const [name, slow, most] of [
  ['no slower', 0.05, null],
  ['7 points more', 0.12, 5],
  // log-normal durations, all doubled: P(Z > 1.645 − ln 2 ÷ σ)
  ['p95 doubled, σ = 1.5', 0.118, 5],
  ['p95 doubled, σ = 1', 0.171, 0.1],
  ['p95 doubled, σ = ½', 0.398, 0.1],
] as const) {
  const random = seededRandom(seed * 1000 + 400)
  const scenario = steady('', 100, slow, 0.05)
  const healthy = Array.from({length: runs}, () => calledHealthy(playShift(scenario, random, {length: 240}), 'slow'))
  const shown = healthy.filter(minute => minute !== null)
  const share = intervalOf(shown.length, runs)
  const isFine = most === null || share.low <= most / 100
  if (!isFine) missed.push(`called healthy, ${name}`)
  const median = most === null ? ` (median minute ${minuteSpread(shown).median})` : ''
  console.log(`  ${name.padEnd(22)} ${share.text}${median} | ${most ?? ''} ${isFine ? 'within' : 'ABOVE'}`)
}

for (const what of missed) console.log(`not as the reference: ${what}`)
process.exitCode = missed.length > 0 ? 1 : 0

function cell(name: string, fired: readonly (number | null)[], reference: Reference, isOurs: boolean): void {
  const told = fired.filter(minute => minute !== null)
  const share = intervalOf(told.length, fired.length)
  const spread = minuteSpread(told)
  const isShareFine = reference.percent === null || isWithin(reference.percent / 100, share)
  const isMinuteFine = reference.minute === null || (spread.low <= reference.minute && reference.minute <= spread.high)
  const isFine = isShareFine && isMinuteFine
  if (isOurs && !isFine) missed.push(name)
  const median = told.length === 0 ? '' : ` (${spread.median}, ${spread.low}–${spread.high})`
  const expected = `${reference.percent ?? ''}${reference.minute === null ? '' : ` (${reference.minute})`}`
  console.log(`  ${name.padEnd(22)} ${share.text}${median} | ${expected.trim()} ${isFine ? 'within' : 'OUTSIDE'}`)
}
