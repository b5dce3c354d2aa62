import type {MinuteCounts} from '../src/services/traffic/judge/judgement.ts'

export type Scenario = {
  readonly name: string
  readonly perMinute: number
  /** share of calls that fail in a minute, counted from 1 */
  readonly canaryRate: (minute: number) => number
  readonly baselineRate: (minute: number) => number
}

export const minutes = 60
export const weight = 0.1

const always = (rate: number) => () => rate
/** before what the last row's canary does by itself */
export const worseFrom = 31

const inOutage = (minute: number) => minute > 10 && minute <= 20

/** What the table of the method's author has a row for each of. */
export const scenarios: readonly Scenario[] = [
  steady('no regression 0.5 %, 10 rpm', 10, 0.005, 0.005),
  steady('no regression 0.5 %, 100 rpm', 100, 0.005, 0.005),
  steady('no regression 0.5 %, 1000 rpm', 1000, 0.005, 0.005),
  steady('noisy fn 5 % = 5 %, 100 rpm', 100, 0.05, 0.05),
  {
    name: 'shared outage 30 % for 10 min',
    perMinute: 100,
    canaryRate: minute => (inOutage(minute) ? 0.3 : 0.005),
    baselineRate: minute => (inOutage(minute) ? 0.3 : 0.005),
  },
  steady('canary 5 % vs 0.5 %, 100 rpm', 100, 0.05, 0.005),
  steady('canary 20 %, 100 rpm', 100, 0.2, 0.005),
  steady('canary 100 %, 10 rpm', 10, 1, 0.005),
  steady('canary 100 %, 100 rpm', 100, 1, 0.005),
  steady('canary 100 %, 1000 rpm', 1000, 1, 0.005),
  {
    name: 'shared outage, canary 20 % from 31',
    perMinute: 100,
    canaryRate: minute => (minute >= worseFrom ? 0.2 : inOutage(minute) ? 0.3 : 0.005),
    baselineRate: minute => (inOutage(minute) ? 0.3 : 0.005),
  },
]

export function steady(name: string, perMinute: number, canaryRate: number, baselineRate: number): Scenario {
  return {name, perMinute, canaryRate: always(canaryRate), baselineRate: always(baselineRate)}
}

/** One shift: calls come by chance (Poisson), and fail by chance; with `cluster` each failure is counted so often. */
export function playShift(
  scenario: Scenario,
  random: () => number,
  {length = minutes, cluster = 1} = {},
): MinuteCounts[] {
  const side = (share: number, rate: number) => {
    const calls = scenario.perMinute * share
    const bad = cluster * poisson(random, (calls * rate) / cluster)
    return {calls: bad + poisson(random, calls * (1 - rate)), bad}
  }
  return Array.from({length}, (_, index) => ({
    at: index * 60_000,
    canary: side(weight, scenario.canaryRate(index + 1)),
    baseline: side(1 - weight, scenario.baselineRate(index + 1)),
    isFinal: true,
  }))
}

/** How many uniform numbers can be multiplied before the product is below e^-mean (Knuth), in parts that do not underflow. */
export function poisson(random: () => number, mean: number): number {
  let count = 0
  for (let rest = mean; rest > 0; rest -= 30) {
    const limit = Math.exp(-Math.min(rest, 30))
    for (let product = random(); product > limit; product *= random()) count++
  }
  return count
}
