import {expect, test} from 'vitest'
import {changesOfShift, faultAfter, type Kill, textOf} from './killed-shift.ts'

const changes = [
  ['CreateSchedule', 'CreateSchedule'],
  ['UpdateAlias', 'UpdateAlias', 'UpdateSchedule', 'UpdateSchedule'],
  ['UpdateAlias', 'UpdateAlias', 'UpdateSchedule', 'UpdateSchedule'],
  // all of the dead man's time is before the writes for good
  ['UpdateSchedule', 'UpdateSchedule', 'UpdateAlias', 'UpdateAlias'],
  ['DeleteSchedule', 'DeleteSchedule'],
].flat()

/** Some of what bench/shift-kill.ts does at all changes. */
const kills: readonly Kill[] = [
  {change: 1, when: 'after', next: 'resume'},
  {change: 2, when: 'after', next: 'rollback'},
  {change: 3, when: 'before', next: 'rollback'},
  {change: 3, when: 'after', next: 'rollback', isTwice: true},
  {change: 4, when: 'before', next: 'resume'},
  {change: 4, when: 'after', next: 'resume', isTwice: true},
  {change: 8, when: 'before', next: 'rollback'},
  {change: 8, when: 'after', next: 'rollback', from: 'elsewhere'},
  {change: 13, when: 'after', next: 'resume'},
  {change: 13, when: 'before', next: 'rollback', isTwice: true},
  {change: 14, when: 'before', next: 'rollback'},
  {change: 14, when: 'after', next: 'resume'},
  {change: 16, when: 'before', next: 'rollback'},
]

// many at a time, which wait for most of it
const waiting = {timeout: 180_000, concurrent: true}

test('changes what is walked through here, the first of two functions at a time', waiting, async () => {
  expect((await changesOfShift()).toSorted()).toEqual(changes.toSorted())
})

test.for(kills.map(kill => [textOf(kill), kill] as const))(
  'case 19: a shift %s leaves what was asked for',
  waiting,
  async ([, kill]) => {
    expect(await faultAfter(kill)).toBeNull()
  },
)
