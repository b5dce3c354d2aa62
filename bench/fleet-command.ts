import {parseArgs} from 'node:util'
import quotas from '../src/data/quotas.json' with {type: 'json'}
import {callsPerSecond} from '../src/services/aws/quotas.ts'
import {openColdStarts} from '../src/services/fleet/coldstarts/open-coldstarts.ts'
import {openCost} from '../src/services/fleet/cost/open-cost.ts'
import type {ReadFleetOptions} from '../src/services/fleet/fleet.ts'
import {openFunctions} from '../src/services/fleet/inventory/open-functions.ts'
import {builtInRuntimes} from '../src/services/fleet/inventory/runtime-table.ts'
import type {ScanPlan} from '../src/services/fleet/scan-plan.ts'
import {openUnused} from '../src/services/fleet/unused/open-unused.ts'
import {costJson} from '../src/ui/cost-json.ts'
import {functionsJson} from '../src/ui/functions-json.ts'
import {unusedJson} from '../src/ui/unused-json.ts'
import {keepHeapSmall} from '../src/v8-heap.ts'
import {connectFleet, placeFlags} from './fleet-connection.ts'

/** Runs what a command of the fleet runs, answer included, and says on stderr what it took and what its plan had said: see fleet.ts. */
const {values} = parseArgs({options: {command: {type: 'string', default: ''}, ...placeFlags}})

export type CommandMeasured = {
  readonly functions: number
  readonly gaps: number
  /** of the plan: what is told before it is done, without the listing of the functions */
  readonly plannedCalls: number
  readonly plannedSeconds: number
  readonly calls: number
  readonly seconds: number
  readonly throttles: number
  /** seconds that the calls made take at the published quotas, those of one after those of the listing */
  readonly floorSeconds: number
}

type Opened = {readonly functions: number; readonly plan: ScanPlan; answer(): Promise<Answered>}
type Answered = {readonly gaps: number; readonly pieces: Iterable<string>}

const day = 86_400_000
const quotaNames = Object.keys(quotas.callsPerSecond)
const signal = new AbortController().signal

keepHeapSmall()
const {aws, cache, clock} = await connectFleet(values)
const startedAt = clock.now()
const now = startedAt
const listing: ReadFleetOptions = {cache}
const window = (days: number) => ({start: now - days * day, end: now})

const commands: Readonly<Record<string, () => Promise<Opened>>> = {
  async unused() {
    const judged = {...window(30), now, newMs: 7 * day}
    const opened = await openUnused([aws], {targets: []}, {window: judged, listing, only: null}, signal)
    return {
      ...opened,
      async answer() {
        const report = await opened.read()
        return {gaps: report.coverage.gaps.length, pieces: unusedJson(report)}
      },
    }
  },
  async functions() {
    const options = {
      ...window(7),
      now,
      listing,
      runtimes: builtInRuntimes(),
      sorting: {field: 'function', order: 'asc'} as const,
      by: null,
      memory: null,
      deprecated: false,
      nearLimit: false,
      failing: false,
      runtime: null,
      onNotice: () => undefined,
    }
    const opened = await openFunctions([aws], {targets: []}, options, signal)
    return {
      ...opened,
      async answer() {
        const report = await opened.read(null)
        return {gaps: report.coverage.gaps.length, pieces: functionsJson(report)}
      },
    }
  },
  async cost() {
    const asked = {by: {kind: 'function'}, sort: 'cost', compare: true, init: null, provisioned: null} as const
    const opened = await openCost([aws], {targets: []}, {...window(30), ...asked, now, listing}, signal)
    return {
      ...opened,
      async answer() {
        const report = await opened.read(null)
        return {gaps: report.coverage.gaps.length, pieces: costJson(report)}
      },
    }
  },
  async coldstarts() {
    const asked = {by: 'function', sort: 'felt', engine: 'auto', spendableUSD: 1_000, sinceDeploy: false} as const
    const opened = await openColdStarts([aws], {targets: []}, {...window(1), ...asked, listing, now}, signal)
    return {
      ...opened,
      async answer() {
        const report = await opened.read(() => undefined)
        return {gaps: report.coverage.gaps.length, pieces: []}
      },
    }
  },
}

const open = commands[values.command]
if (!open) throw new Error(`no command ${values.command}`)
const opened = await open()
const listed = callsByQuota()
const {gaps, pieces} = await opened.answer()
for (const piece of pieces)
  if (!process.stdout.write(piece)) await new Promise(resolve => process.stdout.once('drain', resolve))
await cache.flush()
const made = new Map([...callsByQuota()].map(([name, calls]) => [name, calls - (listed.get(name) ?? 0)]))
const measured: CommandMeasured = {
  functions: opened.functions,
  gaps,
  plannedCalls: opened.plan.calls,
  plannedSeconds: opened.plan.seconds,
  calls: made.values().reduce((sum, calls) => sum + calls, 0),
  seconds: (clock.now() - startedAt) / 1000,
  throttles: aws.budget.total().throttles,
  floorSeconds: secondsOf(listed) + secondsOf(made),
}
console.error(JSON.stringify(measured))
aws.close()

function callsByQuota(): ReadonlyMap<string, number> {
  return new Map(quotaNames.map(name => [name, aws.budget.numbers(name).calls]))
}

/** What calls take at the published quotas, those of different quotas at a time. */
function secondsOf(calls: ReadonlyMap<string, number>): number {
  return Math.max(...[...calls].map(([name, count]) => count / callsPerSecond(name, values.region, true)))
}
