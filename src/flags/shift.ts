import * as Flags from '@oclif/core/flags'
import type {ShiftFormat} from '../ui/shift-screen.ts'
import {aliasFlag} from './alias.ts'
import {changeFlags, changeGroup} from './change.ts'
import {outFlag, outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'
import {onInconclusive} from './traffic-defaults.ts'

const {utc, tz} = windowFlags('1h')

const move = 'MOVE'
const judge = 'JUDGE'
const safety = 'SAFETY'
const group = 'SEVERAL FUNCTIONS'

const formats: readonly ShiftFormat[] = ['json', 'md', 'svg']
const gates = ['auto', 'none'] as const
const onInterrupt = ['rollback', 'hold'] as const

const {stack, tag} = targetFlags

const repeated = {multiple: true, multipleNonGreedy: true} as const

export const shiftFlags = {
  stack,
  tag,
  alias: aliasFlag,
  to: Flags.string({
    helpGroup: move,
    helpValue: 'VERSION|latest',
    description: 'the version that comes in; latest is the newest published one that is active',
  }),
  'to-file': Flags.string({
    helpGroup: move,
    helpValue: 'FILE',
    description: 'versions by function: {"checkout-api": "42"}, or a function and its version a line',
  }),
  canary: Flags.string({
    helpGroup: move,
    helpValue: '10%/5m',
    description: 'so much of the traffic for so long, then all of it',
  }),
  linear: Flags.string({
    helpGroup: move,
    helpValue: '10%/1m',
    description: 'so much more of the traffic each time; in seven equal steps: 7x/1m',
  }),
  weight: Flags.string({
    helpGroup: move,
    helpValue: '10%',
    description: 'so much of the traffic, and leave it there: nothing is watched',
  }),
  'all-at-once': Flags.boolean({
    helpGroup: move,
    description: 'all of the traffic; what is watched is watched while it bakes',
  }),
  bake: Flags.string({
    helpGroup: move,
    helpValue: 'D',
    description: 'how long all traffic is at it before the alias is moved for good; as a step by default, 5m at most',
  }),
  gate: Flags.option({options: gates, default: 'auto' as const})({
    helpGroup: judge,
    description: 'auto: the new version is judged against the one it replaces; none: only by alarms and time',
  }),
  alarm: Flags.string({
    ...repeated,
    helpGroup: judge,
    helpValue: 'NAME',
    description: 'go back when this alarm goes off; repeat it for more',
  }),
  'allow-alarm': Flags.string({
    ...repeated,
    helpGroup: judge,
    helpValue: 'NAME',
    description: 'an alarm that may be red before it begins',
  }),
  'gate-filter': Flags.string({
    helpGroup: judge,
    helpValue: 'PATTERN',
    description: 'log lines that count as errors: an HTTP 500 that is returned is none to Lambda',
  }),
  'on-inconclusive': Flags.option({options: onInconclusive})({
    helpGroup: judge,
    description: 'when --max-time is over and the evidence is not enough; hold by default',
  }),
  'max-time': Flags.string({
    helpGroup: judge,
    helpValue: 'D',
    description:
      'how long it may wait for evidence, the ladder included; promote still bakes after it; by default three times the ladder, half an hour more at least',
  }),
  wave: Flags.string({
    ...repeated,
    helpGroup: group,
    helpValue: 'TARGETS',
    description: 'these go up the whole ladder before the others, as billing-*,ledger; repeat it for more waves',
  }),
  mute: Flags.string({
    ...repeated,
    helpGroup: group,
    helpValue: 'NAME',
    description: 'this one keeps its old version for now, and it ends with exit 3; repeat it for more',
    exclusive: ['solo'],
  }),
  solo: Flags.string({helpGroup: group, helpValue: 'NAME', description: 'only this one moves for now'}),
  'on-interrupt': Flags.option({options: onInterrupt, default: 'rollback' as const})({
    helpGroup: safety,
    description: 'what Ctrl-C does',
  }),
  'dead-man': Flags.string({
    helpGroup: safety,
    helpValue: 'D',
    description: 'AWS itself rolls back when nothing was heard of this machine for so long',
  }),
  'dead-man-role': Flags.string({
    helpGroup: safety,
    helpValue: 'ARN',
    description: 'the role that EventBridge Scheduler does that with; by default that of the config file',
  }),
  'hand-over': Flags.option({options: ['codedeploy'] as const})({
    helpGroup: safety,
    description: 'leave it to CodeDeploy, which goes on without this machine',
  }),
  'codedeploy-group': Flags.string({
    helpGroup: safety,
    helpValue: 'APP/GROUP',
    description: 'where CodeDeploy deploys it; by default where the alias was deployed last',
  }),
  out: outFlag(formats),
  utc,
  tz,
  ...changeFlags,
  note: Flags.string({helpGroup: changeGroup, helpValue: 'TEXT', description: 'why, for who reads about it later'}),
  resume: Flags.boolean({
    helpGroup: changeGroup,
    helpLabel: '--resume [RUN]',
    description: 'go on with a run that was stopped, named in place of targets; with none named, the only one there is',
  }),
  force: Flags.boolean({
    helpGroup: changeGroup,
    description: 'go on although nobody calls the alias',
  }),
  'take-over': Flags.boolean({
    helpGroup: changeGroup,
    description: 'take over from a run whose time is over; with --force, from one that is under way',
  }),
}

/**
 * The file that the report is kept in as well.
 * @throws UserError (exit 2) for one that slsops does not write
 */
export const keptIn = ({out}: {readonly out?: string | undefined}) => (out === undefined ? null : outFrom(out, formats))

export type ShiftFlags = {
  readonly alias?: string | undefined
  readonly to?: string | undefined
  readonly 'to-file'?: string | undefined
  readonly canary?: string | undefined
  readonly linear?: string | undefined
  readonly weight?: string | undefined
  readonly 'all-at-once': boolean
  readonly bake?: string | undefined
  readonly gate: (typeof gates)[number]
  readonly alarm?: readonly string[] | undefined
  readonly 'allow-alarm'?: readonly string[] | undefined
  readonly 'gate-filter'?: string | undefined
  readonly 'on-inconclusive'?: (typeof onInconclusive)[number] | undefined
  readonly 'max-time'?: string | undefined
  readonly wave?: readonly string[] | undefined
  readonly mute?: readonly string[] | undefined
  readonly solo?: string | undefined
  readonly 'on-interrupt': (typeof onInterrupt)[number]
  readonly 'dead-man'?: string | undefined
  readonly 'dead-man-role'?: string | undefined
  readonly 'hand-over'?: 'codedeploy' | undefined
  readonly 'codedeploy-group'?: string | undefined
  readonly note?: string | undefined
  readonly force: boolean
  readonly 'take-over': boolean
}
