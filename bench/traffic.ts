import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {runMeasured} from './measured-child.ts'
import type {Told} from './traffic-place.ts'

/**
 * What `releases`, `shift` and `rollback` take in calls, time, dollars and memory, beside what the quotas allow: an account that
 * keeps them, on a simulated clock. Each scenario is a process of its own. Ends with 1 where an aim is missed.
 */
const {values} = parseArgs({
  options: {long: {type: 'string', default: '150'}, fleet: {type: 'string', default: '10000'}},
})
const failed: string[] = []

type Aims = Readonly<Record<string, (told: Readonly<Record<string, number>>) => boolean>>

const ratio = (of: string, to: string, most: number) => (told: Readonly<Record<string, number>>) =>
  (told[of] ?? Number.NaN) <= most * (told[to] ?? Number.NaN)
const within = (of: string, to: string, most: number) => (told: Readonly<Record<string, number>>) =>
  ratio(of, to, most)(told) && ratio(to, of, most)(told)
const noThrottles = (told: Readonly<Record<string, number>>) => told['throttles'] === 0
const less = (what: string, most: number) => (told: Readonly<Record<string, number>>) =>
  (told[what] ?? Number.NaN) < most

const ofShift: Aims = {
  'plan at most 1.2 × the floor': ratio('planSeconds', 'planFloor', 1.2),
  'a stage at most 1.2 × the floor': ratio('stageSeconds', 'stageFloor', 1.2),
  'dollars told within a fifth': within('metricUSDtold', 'metricUSDmade', 1.2),
  'not throttled': noThrottles,
}
const ofWayBack: Aims = {
  'back in at most 1.15 × the floor': ratio('backSeconds', 'backFloor', 1.15),
  'no other call meanwhile': told => !((told['othersMeanwhile'] ?? 0) > 0),
  'not throttled': noThrottles,
}
const ofReleases: Aims = {
  'at most 1.1 × the floor': ratio('seconds', 'floor', 1.1),
  'calls told within a fifth': within('callsTold', 'callsMade', 1.2),
  'seconds told within a fifth': told =>
    within('lookSecondsTold', 'lookSeconds', 1.2)(told) && within('readSecondsTold', 'readSeconds', 1.2)(told),
  'less than 250 MB': less('peakRssMB', 250),
  'not throttled': noThrottles,
}

await play('a shift of 100, 25 % each 5 min', ['shift'], {...ofShift, 'less than 200 MB': less('peakRssMB', 200)})
await play(`the same, ${values.long} min each`, ['shift', '--minutes', values.long], {
  ...ofShift,
  'less than 300 MB': less('peakRssMB', 300),
})
await play('Ctrl-C while a stage is watched', ['watched'], ofWayBack)
await play('Ctrl-C while a stage is written', ['written'], ofWayBack)
await play('one in twenty fails', ['hurting'], {
  ...ofWayBack,
  'begun within a second': less('firstSeconds', 1),
})
await play('rollback of 100 elsewhere', ['rollback'], {
  ...ofWayBack,
  'plan at most 1.2 × the floor': ratio('planSeconds', 'planFloor', 1.2),
})
await play('resume of 100', ['resume'], {'at most 1.3 × the floor': ratio('seconds', 'floor', 1.3)})
await play('rollback of one', ['one'], {
  'at most 3 round trips with --to': less('fn --to: round trips before', 3.01),
  'at most 2 with a shift under way': less('under way: round trips before', 2.01),
  'at most 6 by evidence': less('by evidence: round trips before', 6.01),
})
await play('releases of 1,000, 300 with an alias', ['releases', '--functions', '1000', '--aliases', '300'], ofReleases)
await play(
  `releases of ${values.fleet}, a fifth with an alias`,
  ['releases', '--functions', values.fleet, '--aliases', String(Number(values.fleet) / 5)],
  ofReleases,
)
await play('a look at 100 members, 600 minutes', ['judge', '--minutes', '600'], {
  'less than 1 s': less('medianMs', 1_000),
})
for (const what of failed) console.log(`!! ${what}`)
process.exitCode = failed.length === 0 ? 0 : 1

async function play(name: string, [scenario = '', ...more]: readonly string[], aims: Aims): Promise<void> {
  const script = fileURLToPath(new URL('traffic-run.ts', import.meta.url))
  const {stderr, peakRssMB, cpuMs} = await runMeasured([script, '--scenario', scenario, ...more])
  const told = {...(JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Told), peakRssMB, cpuSeconds: cpuMs / 1000}
  const numbers = Object.fromEntries(Object.entries(told).filter(([, value]) => typeof value === 'number'))
  for (const [aim, holds] of Object.entries(aims))
    if (!holds(numbers as Record<string, number>)) failed.push(`${name}: ${aim}`)
  console.log(`${name}\n    ${Object.entries(told).map(textOf).join('\n    ')}`)
}

function textOf([what, value]: [string, number | string]): string {
  return `${what.padEnd(34)} ${typeof value === 'number' ? Number(value.toFixed(value < 1 ? 3 : 2)) : value}`
}
