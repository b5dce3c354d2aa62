import type {Aws} from '../../../../src/services/aws/connect.ts'
import type {FleetFunction} from '../../../../src/services/fleet/fleet-function.ts'
import {headroomOf} from '../../../../src/services/fleet/inventory/headroom.ts'
import type {InventoryFunction, Measures} from '../../../../src/services/fleet/inventory/inventory.ts'
import {lifecycleOf} from '../../../../src/services/fleet/inventory/runtime-lifecycle.ts'
import {builtInRuntimes} from '../../../../src/services/fleet/inventory/runtime-table.ts'
import {functionIn, now} from '../fake-account.ts'

const aws = {scope: {account: null, region: 'eu-west-1', profile: null, endpoint: 'aws'}} as Aws

/** A function as a listing shows it. */
export const fleetFunction = (name: string, more: Partial<FleetFunction> = {}): FleetFunction =>
  functionIn(aws, name, {
    memorySizeMB: 512,
    codeSizeBytes: 1_950_000,
    lastModifiedAt: Date.UTC(2026, 10, 11),
    revisionId: 'revision',
    ...more,
  })

const quiet: Measures = {
  invocations: {value: 12_000},
  errors: {value: 0},
  throttles: {value: 0},
  averageDurationMs: {value: 120},
  maxDurationMs: {value: 900},
  maxConcurrency: {value: 4},
  reservedConcurrency: {value: null},
  asyncEventsReceived: {value: 0},
  asyncEventsDropped: {value: 0},
  deadLetterErrors: {value: 0},
  deadLettersWaiting: {value: null},
  oldestDeadLetterAgeMs: {value: null},
  iteratorAgeMs: {value: null},
  memoryUsedMB: {value: 168},
  timeouts: {value: 0},
  stack: {value: 'shop'},
  tags: {value: {team: 'orders'}},
}

type Differing = Partial<Omit<InventoryFunction, 'fn' | 'measures'>> & {
  readonly fn?: Partial<FleetFunction>
  readonly measures?: Partial<Measures>
}

/** A function of an inventory in which all is well, but for what differs. */
export function inventoryFunction(name: string, {fn, measures, ...more}: Differing = {}): InventoryFunction {
  const own = fleetFunction(name, fn)
  const all = {...quiet, ...measures}
  return {
    fn: own,
    lifecycle: lifecycleOf(own.runtime, builtInRuntimes(), now),
    measures: all,
    headroom: headroomOf(own, all),
    deadLetterQueues: [],
    isFallingBehind: false,
    ...more,
  }
}
