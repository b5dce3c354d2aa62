import {usageError} from '../errors.ts'
import {parseDuration} from '../services/time/duration.ts'
import type {ShiftWish} from '../services/traffic/plan/shift-plan.ts'
import {aliasFrom} from './alias.ts'
import {several} from './global.ts'
import {ladderFrom} from './ladder.ts'
import type {ShiftFlags} from './shift.ts'
import {isRoleArn, type TrafficDefaults, trafficDefaults} from './traffic-defaults.ts'
import {versionsFrom} from './versions.ts'

/** Scheduler starts a schedule within a minute of its time. */
const leastDeadManMs = 2 * 60_000

/**
 * What the flags of a new shift mean, typed and checked.
 * @param path of the config file; null where there is no home for one
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export async function shiftWishFrom(flags: ShiftFlags, path: string | null): Promise<ShiftWish> {
  const ladder = ladderFrom(flags)
  refuseIdle(flags)
  const defaults = await trafficDefaults(path)
  // a weight is set and left: there is nobody who would look at an alarm
  const alarms = several(flags.alarm, '--alarm')
  return {
    alias: await aliasFrom(flags.alias, path),
    to: await versionsFrom(flags),
    ladder,
    bakeMs: flags.bake === undefined ? null : parseDuration(flags.bake, '--bake'),
    gate: ladder.kind === 'weight' ? 'none' : flags.gate,
    judge: defaults.gate.judge,
    alarms: ladder.kind === 'weight' || alarms.length > 0 ? alarms : defaults.gate.alarms,
    allowAlarms: several(flags['allow-alarm'], '--allow-alarm'),
    gateFilter: textFrom(flags['gate-filter'], '--gate-filter', 'as in --gate-filter \'{ $.level = "ERROR" }\''),
    onInconclusive: flags['on-inconclusive'] ?? defaults.gate.onInconclusive ?? 'hold',
    onInterrupt: flags['on-interrupt'],
    maxTimeMs: maxTimeFrom(flags['max-time']),
    deadMan: deadManFrom(flags, defaults),
    handOver: handOverFrom(flags),
    note: textFrom(flags.note, '--note', 'say why, as in --note "pay-v42"'),
    waves: (flags.wave ?? []).map(waveFrom),
    muted: several(flags.mute, '--mute'),
    solo: textFrom(flags.solo, '--solo', 'name one function'),
    force: flags.force,
    takeOver: flags['take-over'],
  }
}

/** Flags that say nothing beside others, and whoever gave them means something else. */
function refuseIdle(flags: ShiftFlags): void {
  const given = (names: readonly (keyof ShiftFlags)[]): string | undefined =>
    names.find(name => flags[name] !== undefined && flags[name] !== false)
  const watching = ['alarm', 'allow-alarm', 'gate-filter', 'bake', 'max-time', 'on-inconclusive', 'dead-man'] as const
  const unwatched = flags.weight === undefined ? undefined : given([...watching, 'wave', 'hand-over'])
  if (unwatched !== undefined)
    throw usageError(
      `--${unwatched} is of a shift that is watched; --weight sets a weight and leaves it there`,
      `move traffic by --canary 10%/5m or --linear 10%/1m, or leave --${unwatched} out`,
    )
  if (flags.gate === 'none' && flags['gate-filter'] !== undefined)
    throw usageError('--gate none counts nothing that --gate-filter finds', 'leave one of them out')
  const ours =
    flags['hand-over'] === undefined ? undefined : given(['gate-filter', 'bake', 'dead-man', 'mute', 'solo', 'wave'])
  if (ours !== undefined)
    throw usageError(
      `CodeDeploy does not know --${ours}: it goes by time and alarms`,
      `leave --${ours} out, or leave the shift to slsops: without --hand-over`,
    )
  if (flags['hand-over'] === undefined && flags['codedeploy-group'] !== undefined)
    throw usageError('--codedeploy-group is for --hand-over codedeploy', 'give both, or neither')
  if (flags['dead-man'] === undefined && flags['dead-man-role'] !== undefined)
    throw usageError('--dead-man-role is for --dead-man', 'give both, as in --dead-man 15m')
}

function textFrom(text: string | undefined, flag: string, hint: string): string | null {
  if (text === undefined) return null
  if (text.trim() === '') throw usageError(`${flag} is empty`, hint)
  return text.trim()
}

function maxTimeFrom(text: string | undefined): number | null {
  if (text === undefined) return null
  const ms = parseDuration(text, '--max-time')
  if (ms === 0) throw usageError('--max-time 0 waits for nothing', 'give it time, as in --max-time 2h')
  return ms
}

function deadManFrom(flags: ShiftFlags, {deadManRole}: TrafficDefaults): ShiftWish['deadMan'] {
  if (flags['dead-man'] === undefined) return null
  const afterMs = parseDuration(flags['dead-man'], '--dead-man')
  if (afterMs < leastDeadManMs)
    throw usageError(
      `--dead-man ${flags['dead-man']}: a schedule may be a minute late`,
      'give it two minutes at least, as in --dead-man 15m',
    )
  const roleArn = flags['dead-man-role']?.trim() ?? deadManRole
  if (roleArn === null)
    throw usageError(
      '--dead-man needs a role that EventBridge Scheduler may move the alias with',
      'name it by --dead-man-role, or in the config file: {"defaults": {"deadManRole": "arn:aws:iam::123456789012:role/rollback"}}',
    )
  if (!isRoleArn(roleArn))
    throw usageError(
      `--dead-man-role ${roleArn} is not the ARN of a role`,
      'give it whole, as arn:aws:iam::123456789012:role/rollback',
    )
  return {afterMs, roleArn}
}

function handOverFrom(flags: ShiftFlags): ShiftWish['handOver'] {
  if (flags['hand-over'] === undefined) return null
  const named = flags['codedeploy-group']
  if (named === undefined) return {application: null, group: null}
  const [application = '', deploymentGroup = '', ...more] = named.split('/').map(part => part.trim())
  if (application === '' || deploymentGroup === '' || more.length > 0)
    throw usageError(
      `--codedeploy-group ${named} is no application and deployment group`,
      'write both, as in --codedeploy-group shop/checkout-api',
    )
  return {application, group: deploymentGroup}
}

/** Names or globs of one wave, which commas divide outside of braces. */
function waveFrom(text: string): readonly string[] {
  const names = text.split(/[\s,]+(?![^{]*\})/).filter(Boolean)
  if (names.length === 0) throw usageError('--wave is empty', 'name functions, as in --wave billing-*,ledger')
  return names
}

const belongToRun = [
  ...['alias', 'to', 'to-file', 'canary', 'linear', 'weight', 'all-at-once', 'bake', 'alarm', 'allow-alarm'],
  ...['gate-filter', 'on-inconclusive', 'max-time', 'wave', 'mute', 'solo', 'dead-man', 'dead-man-role', 'hand-over'],
  ...['codedeploy-group', 'note', 'stack', 'tag'],
] as const

/**
 * The run that is to be gone on with: `true` for the only one that there is.
 * @param words that are no flags: the run is named there, in place of targets
 * @throws UserError (exit 2) for what the run knows itself
 */
export function resumedFrom(flags: Readonly<Record<string, unknown>>, words: readonly string[]): string | true {
  const [run, ...others] = words
  if (others.length > 0)
    throw usageError('--resume goes on with one run, which knows its functions', 'name no more than the run')
  if (run !== undefined && !/^\d{8}-\d{6}-[a-z0-9]{8}$/.test(run))
    throw usageError(
      `'${run}' is no run: a run knows which functions it is about`,
      'name it as 20261120-140711-k3f9x2ab, or say --resume alone',
    )
  const known = belongToRun.find(name => flags[name] !== undefined && flags[name] !== false)
  if (known !== undefined)
    throw usageError(`--${known} is known to the run that is gone on with`, `leave --${known} out, or begin anew`)
  return run ?? true
}
