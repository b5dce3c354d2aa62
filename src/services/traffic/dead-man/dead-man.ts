import type {Aws} from '../../aws/connect.ts'
import type {AliasRef, AliasState} from '../alias/alias-state.ts'
import type {TrafficHeader, TrafficRecord} from '../journal/shift-record.ts'
import type {TrafficJournal} from '../journal/traffic-journal.ts'
import {deleteSchedules, putSchedule, type Schedule} from './schedules.ts'

/** One-time schedules of EventBridge Scheduler, one for each alias, that roll back when nobody pushes them forward any more. */
export type DeadMan = {
  /**
   * Checks once that role and permissions do, by schedules that are made disabled. One that is there already, of the same run before
   * it was killed, stays as it is.
   * @throws UserError (exit 4) with what is missing; what was made until then is taken away
   */
  prepare(refs: readonly AliasRef[], signal: AbortSignal): Promise<void>
  /**
   * Arms it for an alias as it is now, or pushes it forward: right after each write, with the revision that this brought, which
   * makes it harmless after anybody else's write.
   * @param backTo the version that gets all traffic
   * @param description that it gives back to the alias
   * @throws UserError where it cannot be: the one before is armed still, of a revision that is not the alias's any more
   */
  push(ref: AliasRef, state: AliasState, backTo: string, description: string, signal: AbortSignal): Promise<void>
  /** epoch ms at which the first of them fires; null where none is armed */
  firesAt(): number | null
  /** Takes all schedules of the run away, also those of a process of it that was killed. @returns names of those that could not be */
  disarm(signal: AbortSignal): Promise<readonly string[]>
}

export function createDeadMan(
  aws: Aws,
  journal: Pick<TrafficJournal, 'otherWrite' | 'record' | 'runId'>,
  {afterMs, roleArn}: {readonly afterMs: number; readonly roleArn: string},
): DeadMan {
  const prefix = prefixOf(journal)
  const made = new Set<string>()
  const armed = new Map<string, number>()

  const scheduleOf = (ref: AliasRef, isEnabled: boolean, input: object): Schedule => {
    // the partition is the function's own: aws, aws-cn, aws-us-gov
    const [, partition = 'aws'] = ref.functionArn.split(':')
    return {
      name: nameOf(journal.record().header, ref),
      at: Math.ceil((aws.clock.now() + afterMs) / 1000) * 1000,
      isEnabled,
      roleArn,
      targetArn: `arn:${partition}:scheduler:::aws-sdk:lambda:updateAlias`,
      input: JSON.stringify(input),
    }
  }
  const disarm = async (signal: AbortSignal): Promise<readonly string[]> => {
    const left = journal.record().left.flatMap(({name}) => (name.startsWith(prefix) ? name : []))
    const names = [...new Set([...made, ...left])]
    const kept = await deleteSchedules({aws, journal, signal}, names)
    for (const name of names) {
      if (kept.includes(name)) continue
      made.delete(name)
      armed.delete(name)
    }
    return kept
  }

  return {
    disarm,

    async prepare(refs, signal) {
      // the first alone: what is missing for it is missing for all
      for (const some of [refs.slice(0, 1), refs.slice(1)]) {
        const tried = await Promise.allSettled(
          some.map(async ref => {
            const schedule = scheduleOf(ref, false, inputOf(ref, 'not-armed', '$LATEST', ''))
            made.add(schedule.name)
            await putSchedule({aws, journal, signal}, schedule, 'any')
          }),
        )
        const failed = tried.find(({status}) => status === 'rejected')
        if (failed?.status !== 'rejected') continue
        await disarm(signal)
        throw failed.reason
      }
    },

    async push(ref, state, backTo, description, signal) {
      const schedule = scheduleOf(ref, true, inputOf(ref, state.revisionId, backTo, description))
      const isThere = made.has(schedule.name)
      made.add(schedule.name)
      await putSchedule({aws, journal, signal}, schedule, isThere ? 'there' : 'not-there')
      armed.set(schedule.name, schedule.at)
    },

    firesAt: () => (armed.size === 0 ? null : Math.min(...armed.values())),
  }
}

const prefixOf = ({runId}: {readonly runId: string}): string => `slsops-${runId}-`

/** By the place among the run's members, so that a later process means the same one. */
function nameOf(header: TrafficHeader, {functionArn, alias}: AliasRef): string {
  const place = header.members.findIndex(each => each.functionArn === functionArn && each.alias === alias)
  if (place < 0) throw new Error(`${functionArn}:${alias} is no member of run ${header.runId}`)
  return `${prefixOf(header)}${place + 1}`
}

/** When the dead man of a killed run fires, or fired, as its journal tells; null where it tells of none for the alias. */
export const firesFor = ({header, left}: TrafficRecord, ref: AliasRef): number | null =>
  left.find(({name}) => name === nameOf(header, ref))?.firesAt ?? null

/** What it calls UpdateAlias with, which names its fields as the SDKs do. */
const inputOf = ({functionArn, alias}: AliasRef, revisionId: string, version: string, description: string): object => ({
  FunctionName: functionArn,
  Name: alias,
  FunctionVersion: version,
  RoutingConfig: {AdditionalVersionWeights: {}},
  Description: description,
  RevisionId: revisionId,
})
