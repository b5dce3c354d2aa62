import type {Clock} from '../../clock.ts'
import type {Arena} from '../arena/arena.ts'
import type {Invoker} from '../invoke/invoker.ts'
import type {RunJournal} from '../journal/run-journal.ts'
import type {Spending} from '../money/spending.ts'
import type {Race} from '../race/race.ts'
import type {Sample} from '../sample.ts'
import type {TunePlan} from '../tune-plan.ts'

/** What a run measures with, and what it found: its lists grow while it goes on. */
export type Measuring = {
  readonly plan: TunePlan
  readonly race: Race
  readonly arena: Arena
  readonly invoker: Invoker
  readonly journal: RunJournal
  readonly spending: Spending
  readonly clock: Clock
  readonly turns: (n: number) => number
  readonly samples: Sample[]
  readonly gaps: string[]
  readonly notes: string[]
  /** those of the notes that make the answer doubtful */
  readonly warnings: string[]
}
