import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {Redaction} from '../services/traces/redact.ts'
import type {TraceFormat} from '../ui/trace-screen.ts'
import {outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const show = 'SHOW'
export const traceSinceByDefault = '24h'

export const traceFlags = {
  ...windowFlags(traceSinceByDefault),
  ...targetFlags,
  logs: Flags.boolean({helpGroup: show, description: 'show the log lines of each function below its span'}),
  diff: Flags.string({
    helpGroup: show,
    helpValue: 'ID',
    description: 'compare with another trace: what is slower in this one, path by path',
  }),
  interactive: Flags.boolean({
    helpGroup: show,
    exclusive: ['json', 'diff'],
    description: 'look through it on the whole terminal: move, fold, open spans and their logs, follow links',
  }),
  unfold: Flags.boolean({helpGroup: show, description: 'a row for every span, also where many are alike'}),
  redact: Flags.boolean({
    helpGroup: show,
    description:
      'mask what tells of people, too: users, addresses, annotations, fields of log lines and metadata named so, all values in URLs; secrets always are',
  }),
  out: Flags.string({helpGroup: show, helpValue: 'FILE', description: 'keep the trace too: .json, .md or .svg'}),
}

type TraceFlags = {
  readonly logs: boolean
  readonly diff?: string | undefined
  readonly unfold: boolean
  readonly interactive: boolean
  readonly redact: boolean
  readonly out?: string | undefined
}

const formats: readonly TraceFormat[] = ['json', 'md', 'svg']

/** What the flags of `trace` mean, typed and checked. */
type TraceOptions = {
  readonly logs: boolean
  readonly unfolded: boolean
  readonly interactive: boolean
  readonly redaction: Redaction
  /** as it was typed */
  readonly diff: string | null
  readonly out: {readonly file: string; readonly format: TraceFormat} | null
}

/**
 * Reads the flags of `trace`.
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export function traceOptionsFrom(flags: TraceFlags): TraceOptions {
  if (flags.diff?.trim() === '') throw usageError('--diff is empty', 'give it the id of the other trace')
  const out = flags.out === undefined ? null : outFrom(flags.out, formats)
  if (out?.format === 'svg' && flags.diff !== undefined)
    throw usageError('--out: there is no picture of a comparison', 'keep it as .md or .json')
  return {
    logs: flags.logs,
    unfolded: flags.unfold,
    interactive: flags.interactive,
    redaction: flags.redact ? 'all' : 'secrets',
    diff: flags.diff ?? null,
    out,
  }
}

/**
 * Refuses a second id where targets stand.
 * @throws UserError (exit 2)
 */
export function checkTargets(targets: readonly string[]): void {
  const second = targets.find(target => xrayId.test(target))
  if (second !== undefined)
    throw usageError(
      `${second} is a second id`,
      'a trace is compared with another by --diff: slsops trace ID --diff ID',
    )
}

const xrayId = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i

/** The region of what was pasted, where none was asked for. */
export function inRegionOf<F extends {readonly region?: readonly string[] | undefined}>(
  flags: F,
  region: string | null,
): F {
  return flags.region === undefined && region !== null ? {...flags, region: [region]} : flags
}
