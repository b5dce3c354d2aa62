import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {FailOn} from '../services/errors/gate.ts'
import type {Level} from '../services/logs/log-event.ts'
import {costFlags} from './cost.ts'
import {levelFrom} from './level.ts'
import {outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const compare = 'COMPARE'
const show = 'SHOW'
const gate = 'GATE'

const sinceByDefault = '1h'
const baselineByDefault = '24h'
/** with --since-deploy: how far back the deploy, and what served before it, are looked for */
const deploySinceByDefault = '24h'
const refreshMs = 10_000
const leastBaselineMs = 60_000
/** only what may be one of these is asked of AWS */
const levelsOfErrors: readonly Level[] = ['WARN', 'ERROR', 'FATAL']

export const errorFlags = {
  ...windowFlags(sinceByDefault),
  watch: Flags.boolean({
    char: 'w',
    helpGroup: 'TIME',
    exclusive: ['until', 'since-deploy', 'out', 'fail-on'],
    description: 'go on as errors arrive, looking again every 10 s',
  }),
  ...targetFlags,
  baseline: Flags.string({
    helpGroup: compare,
    helpValue: 'D|none',
    description: `compare with so long before the start, ${baselineByDefault} by default; none reads only the window`,
  }),
  level: Flags.string({
    helpGroup: show,
    default: 'error',
    helpValue: levelsOfErrors.join('|').toLowerCase(),
    description: 'this level and worse',
  }),
  limit: Flags.integer({
    helpGroup: show,
    min: 1,
    helpValue: 'N',
    description: 'show N kinds; 20 by default, all with --json',
  }),
  out: Flags.string({helpGroup: show, helpValue: 'FILE', description: 'keep the report too: .json or .md'}),
  ...costFlags,
  'since-deploy': Flags.boolean({
    helpGroup: gate,
    exclusive: ['allow-partial', 'log-group'],
    description: 'compare the version that serves now with the one before; exit 3 when that cannot be judged',
  }),
  for: Flags.string({
    helpGroup: gate,
    helpValue: 'D',
    dependsOn: ['since-deploy'],
    exclusive: ['until'],
    description: 'judge so much time after the deploy, waiting for it if need be',
  }),
  'min-invocations': Flags.integer({
    helpGroup: gate,
    helpValue: 'N',
    min: 1,
    dependsOn: ['since-deploy'],
    description: 'fewer invocations of either version are too few to judge by: exit 3; 50 by default',
  }),
  'fail-on': Flags.option({options: ['new', 'growing'] as const})({
    helpGroup: gate,
    description: 'exit 5 when an error is new; with growing, also when one grows',
  }),
}

export type ErrorFlags = {
  readonly since?: string | undefined
  readonly baseline?: string | undefined
  readonly level: string
  readonly watch: boolean
  readonly out?: string | undefined
  readonly limit?: number | undefined
  readonly 'since-deploy': boolean
  readonly for?: string | undefined
  readonly 'min-invocations'?: number | undefined
  readonly 'fail-on'?: FailOn | undefined
}

/** What the flags of `errors` mean, typed and checked. */
export type ErrorOptions = {
  readonly sinceByDefault: string
  readonly level: Level
  /** null: nothing is compared with */
  readonly baselineMs: number | null
  readonly refreshMs: number | null
  readonly limit: number | null
  readonly failOn: FailOn | null
  readonly gate: {readonly forMs: number | null; readonly minInvocations: number} | null
  readonly out: {readonly file: string; readonly format: 'json' | 'md'} | null
}

/**
 * Reads the flags of `errors`.
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export async function errorOptionsFrom(flags: ErrorFlags): Promise<ErrorOptions> {
  const {minInvocationsByDefault} = await import('../services/errors/gate.ts')
  const baselineMs = await baselineFrom(flags)
  const failOn = flags['fail-on'] ?? null
  if (failOn !== null && baselineMs === null && !flags['since-deploy'])
    throw usageError(`--fail-on ${failOn} needs something to compare with`, 'leave out --baseline none')
  return {
    sinceByDefault: flags['since-deploy'] ? deploySinceByDefault : sinceByDefault,
    level: levelFrom(flags.level, levelsOfErrors),
    baselineMs,
    refreshMs: flags.watch ? refreshMs : null,
    limit: flags.limit ?? null,
    failOn,
    gate: flags['since-deploy']
      ? {
          forMs: flags.for === undefined ? null : await durationFrom(flags.for, '--for'),
          minInvocations: flags['min-invocations'] ?? minInvocationsByDefault,
        }
      : null,
    out: flags.out === undefined ? null : outFrom(flags.out, ['json', 'md']),
  }
}

async function baselineFrom({baseline, 'since-deploy': sinceDeploy}: ErrorFlags): Promise<number | null> {
  if (baseline?.trim().toLowerCase() === 'none') {
    if (sinceDeploy) throw usageError('--since-deploy compares with what served before', 'leave out --baseline none')
    return null
  }
  const ms = await durationFrom(baseline ?? baselineByDefault, '--baseline')
  if (ms < leastBaselineMs)
    throw usageError(`--baseline ${baseline} is too short to compare with`, 'give a minute at least, or none')
  return ms
}

async function durationFrom(text: string, flag: string): Promise<number> {
  const {parseDuration} = await import('../services/time/duration.ts')
  return parseDuration(text, flag)
}
