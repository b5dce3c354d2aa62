import type {Spent} from './limits.ts'
import type {Sample} from './sample.ts'
import type {Standing} from './standing.ts'
import type {TunePlan} from './tune-plan.ts'
import type {TuneReport} from './tune-report.ts'

/** What happens while a function is tuned: the screen, the lines on stderr and the files are all made of these. */
export type TuneStep =
  | {readonly kind: 'begun'; readonly plan: TunePlan}
  /** something takes a while: `copies the code`, `publishes 1,024 MB (3 of 7)`, `waits for 3 s: 429 …` */
  | {readonly kind: 'doing'; readonly what: string}
  /** one more invocation, and where all sizes stand after it */
  | {readonly kind: 'sampled'; readonly sample: Sample; readonly standings: readonly Standing[]; readonly spent: Spent}
  /** a size was dropped or found infeasible, or was proposed and taken in */
  | {
      readonly kind: 'moved'
      readonly standing: Standing
      readonly standings: readonly Standing[]
      readonly spent: Spent
    }
  | {readonly kind: 'note'; readonly text: string}
  | {readonly kind: 'ended'; readonly report: TuneReport}
