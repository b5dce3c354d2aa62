import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {TraceGrouping} from '../services/traces/group-traces.ts'
import type {Terminal} from '../ui/terminal.ts'
import type {TracesFormat} from '../ui/traces-screen.ts'
import {costFlags} from './cost.ts'
import {outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const select = 'SELECT'
const show = 'SHOW'

export const tracesSinceByDefault = '1h'
const limitByDefault = 100
/** X-Ray's own analytics look at no more at a time */
const groupedByDefault = 10_000
const mostTraces = 100_000
/** what stands before each line of an error, and as much behind */
const errorIndent = 4
const groupings = ['cause', 'service', 'url', 'user'] as const

export const tracesFlags = {
  ...windowFlags(tracesSinceByDefault),
  ...targetFlags,
  errors: Flags.boolean({
    helpGroup: select,
    description: 'traces in which anything failed or was throttled, also what was handled on the way',
  }),
  slow: Flags.string({
    helpGroup: select,
    helpValue: 'D',
    description: 'traces that took so long, with what went on after the answer: 2s, 500ms',
  }),
  filter: Flags.string({
    helpGroup: select,
    helpValue: 'EXPR',
    description: "a filter expression of X-Ray, as 'http.status = 504' or 'annotation.tenant = \"acme\"'",
  }),
  by: Flags.option({options: groupings})({
    helpGroup: show,
    description: 'group them by what they have in common instead of listing them',
  }),
  limit: Flags.integer({
    helpGroup: show,
    min: 1,
    max: mostTraces,
    helpValue: 'N',
    description: `the newest N traces; ${limitByDefault} by default, ${groupedByDefault.toLocaleString('en')} with --by`,
  }),
  out: Flags.string({
    helpGroup: show,
    helpValue: 'FILE',
    description: 'write them to a file: .json, .ndjson, .csv or .md',
  }),
  ...costFlags,
}

export type TracesFlags = {
  readonly errors: boolean
  readonly slow?: string | undefined
  readonly filter?: string | undefined
  readonly by?: TraceGrouping | undefined
  readonly limit?: number | undefined
  readonly out?: string | undefined
}

/** What the flags of `traces` mean, typed and checked. */
export type TracesOptions = {
  readonly errors: boolean
  readonly slowMs: number | null
  readonly filter: string | null
  readonly by: TraceGrouping | null
  readonly limit: number
  readonly out: {readonly file: string; readonly format: TracesFormat} | null
  /** what X-Ray takes and people err about, a sentence each */
  readonly advice: readonly string[]
}

/**
 * Reads the flags of `traces`.
 * @param terminal that an error is shown on: of a long filter the part around what is wrong
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export async function tracesOptionsFrom(flags: TracesFlags, terminal: Terminal): Promise<TracesOptions> {
  const filter = flags.filter ?? null
  const by = flags.by ?? null
  return {
    errors: flags.errors,
    slowMs: flags.slow === undefined ? null : await slowFrom(flags.slow),
    filter,
    by,
    limit: flags.limit ?? (by === null ? limitByDefault : groupedByDefault),
    out: flags.out === undefined ? null : outFrom(flags.out, formats),
    advice: filter === null ? [] : await adviceFrom(filter, terminal),
  }
}

async function slowFrom(text: string): Promise<number> {
  const {parseDuration} = await import('../services/time/duration.ts')
  const ms = parseDuration(text, '--slow')
  if (ms <= 0) throw usageError(`--slow ${text} is no time`, 'every trace takes that long: give more, as in --slow 2s')
  return ms
}

async function adviceFrom(filter: string, terminal: Terminal): Promise<readonly string[]> {
  const [{adviceOn}, {FilterExpressionError}, {withCaret}, {glyphsFor}] = await Promise.all([
    import('../services/traces/filter-expression/advice.ts'),
    import('../services/traces/filter-expression/syntax.ts'),
    import('../ui/caret.ts'),
    import('../ui/terminal.ts'),
  ])
  try {
    return adviceOn(filter)
  } catch (error) {
    if (!(error instanceof FilterExpressionError)) throw error
    const {message, hint, position} = error
    if (filter.trim() === '') throw usageError(`--filter: ${message}`, hint)
    throw usageError(
      `--filter: ${message}\n${withCaret(filter, position, terminal.columns - errorIndent, glyphsFor(terminal).ellipsis)}`,
      hint,
    )
  }
}

const formats: readonly TracesFormat[] = ['json', 'ndjson', 'csv', 'md']
