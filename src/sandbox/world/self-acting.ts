// What does something by itself in a region, and shows it: alarms, schedules, deployments.
import type {Change} from '../changes.ts'
import {createAlarms} from './alarms/alarms.ts'
import {larderAlarms, larderComposites} from './alarms/larder-alarms.ts'
import {allocatingFor} from './alias-changes.ts'
import {createDeploying} from './code-deploy/code-deploy.ts'
import type {LarderDeployments} from './code-deploy/larder-deployments.ts'
import type {CompanyStack} from './company.ts'
import {createDueWork} from './due-work.ts'
import type {Functions} from './functions.ts'
import {describeSchedules} from './invokers.ts'
import type {Account} from './log-events.ts'
import type {SandboxMetrics} from './metrics/metric.ts'
import type {RegionChanges} from './region-changes.ts'
import {createSchedules} from './schedules/schedules.ts'
import type {World} from './world.ts'

export type SelfActing = {
  /** changes as clients see and make them: what AWS did by itself comes first */
  readonly settled: RegionChanges
  /** to be called when there are new changes of the region */
  changed(): void
  readonly seen: Pick<World, 'alarms' | 'compositeAlarms' | 'schedules'>
  readonly writing: Pick<World, 'alarmWrites' | 'scheduleWrites' | 'codeDeploy'>
}

export type SelfActingOptions = {
  readonly stacks: readonly CompanyStack[]
  /** whether the company has its alarms here */
  readonly hasAlarms: boolean
  readonly where: Account
  readonly functions: Functions
  readonly changes: RegionChanges
  readonly deployed: LarderDeployments
  readonly read: SandboxMetrics['read']
  readonly seed: number
  readonly firstUsedAt: number
  readonly now: () => number
}

export function createSelfActing(options: SelfActingOptions): SelfActing {
  const {stacks, hasAlarms, where, functions, changes, deployed, read, seed, firstUsedAt, now} = options
  /** What was due while another process was further on in time is done when that one is. */
  const recordDue = (change: Parameters<RegionChanges['record']>[0], at: number) =>
    changes.record(
      change,
      changes.writes().reduce((latest, each) => Math.max(latest, each.at), at),
    )
  const settled: RegionChanges = {
    ...changes,
    catchUp() {
      changes.catchUp()
      settle()
    },
    record(change, at) {
      settle()
      changes.record(change, at)
    },
    alone: act =>
      changes.alone(() => {
        settle()
        return act()
      }),
  }
  const {record} = settled
  const alarms = createAlarms({
    own: hasAlarms ? larderAlarms : [],
    composites: hasAlarms ? larderComposites : [],
    read,
    record,
    firstUsedAt,
    now,
  })
  const schedules = createSchedules({
    own: () => stacks.flatMap(stack => describeSchedules(stack, where)),
    find: name => functions.standing(name)?.fn,
    record,
    updateAlias(update, at) {
      const fn = functions.standing(update.functionName)?.fn
      recordDue({kind: 'alias', ...update, ...(fn && allocatingFor(fn, update.alias, functions.allocationMs))}, at)
    },
    ran: ({group, name}, at) => recordDue({kind: 'schedule-ran', group, name}, at),
  })
  const deploying = createDeploying({
    company: deployed,
    hasSlowConfig: hasAlarms,
    find: name => functions.standing(name)?.fn,
    activeAt: alarms.activeAt,
    record,
    recordDue,
    seed,
    firstUsedAt,
  })
  const settle = createDueWork({workers: [schedules, deploying], now, alone: changes.alone})

  function changed(): void {
    const writes: readonly Change[] = changes.writes()
    alarms.changed(writes)
    schedules.changed(writes)
    deploying.changed(writes)
  }
  changed()

  return {
    settled,
    changed,
    seen: {alarms: alarms.metric, compositeAlarms: alarms.composite, schedules: schedules.all},
    writing: {
      alarmWrites: alarms.writing,
      scheduleWrites: schedules.writing,
      codeDeploy: {
        ...deploying.api,
        deployments() {
          settled.catchUp()
          return deploying.api.deployments()
        },
      },
    },
  }
}
