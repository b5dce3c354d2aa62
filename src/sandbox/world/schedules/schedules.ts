// The schedules of EventBridge Scheduler: the company's own, and those that clients made, which call UpdateAlias at their time.
import type {Change} from '../../changes.ts'
import {isScheduleChange, type ScheduleChange, type ScheduleSettings} from '../../schedule-changes.ts'
import type {DueWork} from '../due-work.ts'
import type {RegionChanges} from '../region-changes.ts'
import type {SandboxFunction} from '../sandbox-function.ts'
import {type AliasUpdate, aliasUpdateIn, updateAliasArn} from './alias-update.ts'
import {oneTimeOf} from './one-time.ts'

export type SandboxSchedule = ScheduleSettings & {
  readonly createdAt: number
  readonly modifiedAt: number
  /** of the call that made it; null for the company's own */
  readonly clientToken: string | null
}

/** What clients make of schedules; whether they may is the API's to say. */
export type ScheduleWrites = {
  create(schedule: ScheduleSettings, clientToken: string): void
  /** all that is said of it is replaced */
  update(schedule: ScheduleSettings): void
  remove(group: string, name: string): void
}

export type Schedules = DueWork & {
  all(): readonly SandboxSchedule[]
  readonly writing: ScheduleWrites
  /** to be called when there are new changes of the region */
  changed(changes: readonly Change[]): void
}

export type SchedulesOptions = {
  readonly own: () => readonly SandboxSchedule[]
  readonly find: (functionName: string) => SandboxFunction | undefined
  /** as a client does it */
  readonly record: RegionChanges['record']
  /** writes an alias at a moment of the past */
  readonly updateAlias: (update: AliasUpdate, at: number) => void
  readonly ran: (schedule: Pick<ScheduleSettings, 'group' | 'name'>, at: number) => void
}

type Kept = SandboxSchedule & {readonly isOver: boolean}

export function createSchedules({own, find, record, updateAlias, ran}: SchedulesOptions): Schedules {
  let written: ReadonlyMap<string, Kept | null> = new Map()
  let due: readonly {readonly at: number; readonly schedule: Kept}[] = []

  return {
    all() {
      const kept = own().filter(each => !written.has(keyOf(each)))
      const clients = [...written.values()].filter(each => each !== null)
      return [...kept, ...clients].sort((x, y) => (keyOf(x) < keyOf(y) ? -1 : 1))
    },
    nextAt: () => due[0]?.at ?? null,
    run(at) {
      const [next] = due
      if (!next || next.at > at) return
      const update = aliasUpdateIn(next.schedule.target.input, find)
      if (update) updateAlias(update, next.at)
      ran(next.schedule, next.at)
    },
    writing: {
      create: (schedule, clientToken) => record({kind: 'schedule-created', schedule, clientToken}),
      update: schedule => record({kind: 'schedule-updated', schedule}),
      remove: (group, name) => record({kind: 'schedule-deleted', group, name}),
    },
    changed(changes) {
      const companys = new Map(own().map(each => [keyOf(each), each]))
      written = changes
        .filter(isScheduleChange)
        .reduce((found, change) => afterChange(found, change, companys), new Map<string, Kept | null>())
      due = [...written.values()]
        .flatMap(schedule => {
          if (!schedule) return []
          const at = runsAt(schedule)
          return at === null ? [] : {at, schedule}
        })
        .sort((x, y) => x.at - y.at)
    },
  }
}

/** epoch ms; null for what does nothing, or not once */
function runsAt(schedule: Kept): number | null {
  const {state, isOver, target, expression, timezone} = schedule
  return state === 'ENABLED' && !isOver && target.arn === updateAliasArn ? oneTimeOf(expression, timezone) : null
}

const keyOf = ({group, name}: Pick<ScheduleSettings, 'group' | 'name'>) => `${group}/${name}`

/** Of all schedules that were written to; null for one that is gone. */
function afterChange(
  found: Map<string, Kept | null>,
  change: ScheduleChange,
  companys: ReadonlyMap<string, SandboxSchedule>,
): Map<string, Kept | null> {
  const key = keyOf('schedule' in change ? change.schedule : change)
  const last = found.get(key) ?? companys.get(key)
  const {at} = change
  switch (change.kind) {
    case 'schedule-created':
      return found.set(key, {
        ...change.schedule,
        createdAt: at,
        modifiedAt: at,
        clientToken: change.clientToken,
        isOver: false,
      })
    case 'schedule-updated':
      return found.set(key, {
        ...change.schedule,
        createdAt: last?.createdAt ?? at,
        modifiedAt: at,
        clientToken: last?.clientToken ?? null,
        isOver: false,
      })
    case 'schedule-deleted':
      return found.set(key, null)
    case 'schedule-ran':
      if (!last) return found
      return found.set(key, last.afterCompletion === 'DELETE' ? null : {...last, isOver: true})
  }
}
