// What clients do to log groups: each write is kept in the state, so that they outlive the process, as on AWS.
import {type Change, isLogGroupChange, type LogGroupChange} from '../changes.ts'
import type {RegionChanges} from './region-changes.ts'
import type {SandboxLogGroup, World} from './world.ts'

/** What the writes of a group come to. */
export type GroupWrites = {
  /** epoch ms at which it was deleted for the last time: what was in it before is gone */
  readonly deletedAt: number | null
  /** as a client has created it since; null: it is one that the company, or Lambda, has made */
  readonly created: SandboxLogGroup | null
  /** undefined: as it was made */
  readonly retentionInDays: number | null | undefined
  readonly tags: SandboxLogGroup['tags']
  readonly untagged: ReadonlySet<string>
}

export type ClientLogGroups = {
  readonly writing: Pick<World, 'createLogGroup' | 'deleteLogGroup' | 'putRetention' | 'tagLogGroup' | 'untagLogGroup'>
  /** the writes of a group; undefined where there are none */
  of(name: string): GroupWrites | undefined
  /** groups that were written to */
  names(): readonly string[]
  /** to be called when there are new changes of the region */
  changed(changes: readonly Change[]): void
}

export function createClientLogGroups(record: RegionChanges['record']): ClientLogGroups {
  let writes: ReadonlyMap<string, GroupWrites> = new Map()
  return {
    of: name => writes.get(name),
    names: () => [...writes.keys()],
    changed(changes) {
      writes = new Map(
        [...Map.groupBy(changes.filter(isLogGroupChange), ({logGroup}) => logGroup)].map(([name, ofGroup]) => [
          name,
          ofGroup.reduce(afterChange, unwritten),
        ]),
      )
    },
    writing: {
      createLogGroup: (logGroup, {class: logGroupClass = 'STANDARD', tags = {}}) =>
        record({kind: 'log-group-created', logGroup, class: logGroupClass, tags}),
      deleteLogGroup: logGroup => record({kind: 'log-group-deleted', logGroup}),
      putRetention: (logGroup, days) => record({kind: 'retention-put', logGroup, days}),
      tagLogGroup: (logGroup, tags) => record({kind: 'log-group-tagged', logGroup, tags}),
      untagLogGroup: (logGroup, keys) => record({kind: 'log-group-untagged', logGroup, keys}),
    },
  }
}

const unwritten: GroupWrites = {
  deletedAt: null,
  created: null,
  retentionInDays: undefined,
  tags: {},
  untagged: new Set(),
}

function afterChange(writes: GroupWrites, change: LogGroupChange): GroupWrites {
  switch (change.kind) {
    case 'log-group-created': {
      const {logGroup: name, class: logGroupClass, tags, at: createdAt} = change
      const created = {name, class: logGroupClass, createdAt, retentionInDays: null, storedBytes: 0, tags}
      return {...unwritten, deletedAt: writes.deletedAt, created}
    }
    case 'log-group-deleted':
      return {...unwritten, deletedAt: change.at}
    case 'retention-put':
      return {...writes, retentionInDays: change.days}
    case 'log-group-tagged':
      return {
        ...writes,
        tags: {...writes.tags, ...change.tags},
        untagged: new Set([...writes.untagged].filter(key => !Object.hasOwn(change.tags, key))),
      }
    case 'log-group-untagged':
      return {
        ...writes,
        tags: Object.fromEntries(Object.entries(writes.tags).filter(([key]) => !change.keys.includes(key))),
        untagged: new Set([...writes.untagged, ...change.keys]),
      }
  }
}

/** A group as it was made, with what was written to it since. */
export function writtenGroup(group: SandboxLogGroup, writes: GroupWrites | undefined): SandboxLogGroup {
  if (!writes) return group
  const {retentionInDays = group.retentionInDays, tags, untagged} = writes
  const kept = Object.entries(group.tags).filter(([key]) => !untagged.has(key))
  return {...group, retentionInDays, tags: {...Object.fromEntries(kept), ...tags}}
}
