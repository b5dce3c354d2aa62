import {parseArgs} from 'node:util'
import {changesOfShift, faultAfter, type Kill, textOf} from '../test/process/killed-shift.ts'
import {requireBuild} from './slsops.ts'

/**
 * What test/process/shift-kill.test.ts does at some changes, at all of them: the built command is killed before each change arrives
 * and before its answer is seen; then `shift --resume` has to bring all to the new version, and `rollback` all back, also where they
 * are killed themselves, and, while the aliases say it, on a machine that has no journal. Ends with 1 and the kills after which it
 * was not so.
 */
const {values} = parseArgs({options: {parallel: {type: 'string', default: '12'}}})

requireBuild()
const changes = await changesOfShift()
const writes = changes.flatMap((operation, at) => (operation === 'UpdateAlias' ? at + 1 : []))
/** from the second stage on until the first write for good, each alias says what is under way */
const [, , secondStage = 0, , forGood = 0] = writes

const kills = changes.flatMap((_, at): readonly Kill[] =>
  (['before', 'after'] as const).flatMap((when): readonly Kill[] => {
    const kill = {change: at + 1, when}
    const isSaid = kill.change >= secondStage && kill.change + Number(when === 'after') <= forGood
    return [
      {...kill, next: 'resume'},
      {...kill, next: 'rollback'},
      {...kill, next: (at + Number(when === 'after')) % 2 === 0 ? 'resume' : 'rollback', isTwice: true},
      ...(isSaid ? [{...kill, next: 'rollback', from: 'elsewhere'} as const] : []),
    ]
  }),
)
const faults: string[] = []
const left = kills[Symbol.iterator]()
await Promise.all(
  Array.from({length: Number(values.parallel)}, async () => {
    for (const kill of left) {
      const fault = await faultAfter(kill)
      if (fault !== null) faults.push(`${textOf(kill)}: ${fault}`)
    }
  }),
)
const outcome = faults.length === 0 ? 'all was where it should be, each time' : ['FAILED:', ...faults].join('\n  ')
console.log(`a shift of ${changes.length} changes was killed ${kills.length} times: ${outcome}`)
if (faults.length > 0) process.exitCode = 1
