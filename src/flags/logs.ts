import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import {levels} from '../services/logs/log-event.ts'
import type {Engine} from '../services/logs/read-plan.ts'
import type {StopRuleOptions} from '../services/logs/stop-rule.ts'
import type {ViewOptions} from '../services/logs/view.ts'
import {type CostFlags, costFlags} from './cost.ts'
import {levelFrom} from './level.ts'
import {targetFlags, windowFlags} from './shared.ts'

const select = 'SELECT'
const show = 'SHOW'
const script = 'SCRIPT'
const several = {multiple: true, multipleNonGreedy: true} as const

export const sinceByDefault = '10m'

export const logFlags = {
  ...windowFlags(sinceByDefault),
  follow: Flags.boolean({char: 'f', helpGroup: 'TIME', description: 'go on as events arrive'}),
  tail: Flags.integer({helpGroup: 'TIME', min: 1, helpValue: 'N', description: 'only the newest N events'}),
  ...targetFlags,
  filter: Flags.string({
    helpGroup: select,
    helpValue: 'PATTERN',
    description: 'CloudWatch filter pattern, evaluated by AWS; plain words are quoted',
  }),
  include: Flags.string({
    ...several,
    char: 'i',
    helpGroup: select,
    helpValue: 'RE',
    description: 'only messages that match',
  }),
  exclude: Flags.string({
    ...several,
    char: 'e',
    helpGroup: select,
    helpValue: 'RE',
    description: 'no messages that match',
  }),
  level: Flags.string({
    helpGroup: select,
    helpValue: 'LEVEL',
    description: `this level and worse: ${levels.join(', ').toLowerCase()}`,
  }),
  'request-id': Flags.string({helpGroup: select, helpValue: 'ID', description: 'one request, across all groups'}),
  'trace-id': Flags.string({helpGroup: select, helpValue: 'ID', description: 'one trace, across all groups'}),
  failed: Flags.boolean({helpGroup: select, description: 'only invocations that failed, each with its whole log'}),
  context: Flags.integer({
    char: 'C',
    helpGroup: select,
    min: 0,
    default: 0,
    helpValue: 'N',
    description: 'N events of the same stream around each match',
  }),
  'by-request': Flags.boolean({helpGroup: show, description: 'one block an invocation; filters select invocations'}),
  highlight: Flags.string({...several, char: 'H', helpGroup: show, helpValue: 'RE', description: 'mark what matches'}),
  query: Flags.string({
    helpGroup: show,
    helpValue: 'JMESPATH',
    exclusive: ['by-request', 'failed'],
    description: 'pick from JSON messages',
  }),
  raw: Flags.boolean({
    helpGroup: show,
    exclusive: ['json'],
    description: 'the message bytes only, control characters and all',
  }),
  limit: Flags.integer({helpGroup: script, min: 1, helpValue: 'N', description: 'stop after N'}),
  'idle-exit': Flags.string({
    helpGroup: script,
    helpValue: 'D',
    dependsOn: ['follow'],
    description: 'stop following when nothing came for so long',
  }),
  'until-match': Flags.string({
    helpGroup: script,
    helpValue: 'RE',
    description: 'stop when a message matches; exit 5 if none did',
  }),
  'fail-on': Flags.string({helpGroup: script, helpValue: 'RE', description: 'exit 5 when a message matches'}),
  engine: Flags.option({options: ['auto', 'filter', 'live', 'insights'] as const, default: 'auto' as const})({
    helpGroup: script,
    description: 'how to read',
  }),
  out: Flags.string({
    helpGroup: script,
    helpValue: 'FILE.ndjson',
    description: 'also write what is shown to a file, as slsops/log@1 lines',
  }),
  replay: Flags.string({
    helpGroup: script,
    helpValue: 'FILE',
    exclusive: ['follow', 'engine', 'explain', 'region', 'profile', 'stack', 'tag'],
    description: 'show what --out or --json wrote, with every filter and view; asks nothing of AWS',
  }),
  ...costFlags,
  explain: Flags.boolean({helpGroup: script, description: 'say how it would be read, and stop'}),
}

export type LogFlags = CostFlags & {
  readonly json: boolean
  readonly raw: boolean
  readonly follow: boolean
  readonly tail?: number | undefined
  readonly filter?: string | undefined
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  readonly level?: string | undefined
  readonly 'request-id'?: string | undefined
  readonly 'trace-id'?: string | undefined
  readonly failed: boolean
  readonly context: number
  readonly 'by-request': boolean
  readonly highlight?: readonly string[] | undefined
  readonly query?: string | undefined
  readonly limit?: number | undefined
  readonly 'idle-exit'?: string | undefined
  readonly 'until-match'?: string | undefined
  readonly 'fail-on'?: string | undefined
  readonly engine: Engine | 'auto'
  readonly explain: boolean
  readonly out?: string | undefined
  readonly replay?: string | undefined
}

/** What the flags of `logs` mean, typed and checked. */
export type LogOptions = {
  readonly view: ViewOptions
  readonly stop: StopRuleOptions
  readonly byRequest: boolean
  readonly failed: boolean
  /** evaluated by AWS */
  readonly filterPattern: string | undefined
  readonly highlights: readonly RegExp[]
  readonly idleExitMs: number | undefined
  readonly tail: number | null
  readonly engine: Engine | 'auto'
  readonly explain: boolean
  readonly notices: readonly string[]
}

/**
 * Reads the flags of `logs`.
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export async function logOptionsFrom(flags: LogFlags): Promise<LogOptions> {
  if (flags.engine === 'live' && !flags.follow)
    throw usageError('--engine live reads what comes, not what is past', 'add --follow')
  if (flags.engine === 'insights' && flags.follow)
    throw usageError('--engine insights cannot follow', 'leave --follow out, or the engine')
  if (flags.context > 0 && flags.tail !== undefined)
    throw usageError('--tail cannot count matches with their --context', 'use --limit, or a shorter --since')
  const byRequest = flags['by-request'] || flags.failed
  const selectsHere = flags.context > 0 || byRequest || flags.replay !== undefined
  checkFiles(flags)
  const filter = await filterFrom(flags.filter, selectsHere)
  const view: ViewOptions = {
    level: flags.level === undefined ? null : levelFrom(flags.level),
    include: patterns(flags.include, '--include'),
    exclude: patterns(flags.exclude, '--exclude'),
    requestId: idFrom(flags['request-id'], '--request-id'),
    traceId: idFrom(flags['trace-id'], '--trace-id'),
    matches: filter.matches,
    pick: flags.query === undefined ? null : (await import('../services/logs/json-query.ts')).compileQuery(flags.query),
    context: byRequest ? 0 : flags.context,
    framing: flags.json || flags.raw,
    following: flags.follow,
  }
  return {
    view,
    stop: {
      limit: flags.limit ?? null,
      untilMatch: pattern(flags['until-match'], '--until-match'),
      failOn: pattern(flags['fail-on'], '--fail-on'),
      following: flags.follow,
      context: view.context,
    },
    byRequest,
    failed: flags.failed,
    filterPattern: filter.pattern,
    // what was looked for is what the eye looks for
    highlights: [...patterns(flags.highlight, '--highlight'), ...view.include],
    idleExitMs:
      flags['idle-exit'] === undefined
        ? undefined
        : (await import('../services/time/duration.ts')).parseDuration(flags['idle-exit'], '--idle-exit'),
    tail: flags.tail ?? null,
    engine: flags.engine,
    explain: flags.explain,
    notices: filter.notices,
  }
}

const recordings = /\.(ndjson|jsonl)$/

function checkFiles({out, replay}: LogFlags): void {
  if (out !== undefined && !recordings.test(out))
    throw usageError(`--out ${out}: logs are written as NDJSON`, 'give it a name as incident.ndjson')
  if (out !== undefined && out === replay)
    throw usageError('--out is the file that is replayed', 'write to another one')
}

type Filter = {
  readonly pattern: string | undefined
  readonly matches: ViewOptions['matches']
  readonly notices: readonly string[]
}

/** AWS evaluates the pattern, save where the events around a match are wanted too: then everything is read and it is evaluated here. */
async function filterFrom(text: string | undefined, here: boolean): Promise<Filter> {
  if (text === undefined) return {pattern: undefined, matches: null, notices: []}
  const {filterPatternFrom} = await import('../services/logs/filter-pattern/quote.ts')
  const {pattern, notices} = filterPatternFrom(text)
  if (!here) return {pattern, matches: null, notices}
  const {compileFilterPattern} = await import('../services/logs/filter-pattern/compile.ts')
  return {pattern: undefined, matches: compileFilterPattern(pattern), notices}
}

const patterns = (texts: readonly string[] | undefined, flag: string): readonly RegExp[] =>
  (texts ?? []).map(text => pattern(text, flag)).filter(regexp => regexp !== null)

function pattern(text: string | undefined, flag: string): RegExp | null {
  if (text === undefined) return null
  if (text === '') throw usageError(`${flag} is empty`, `give a regular expression, as in ${flag} 'Timeout|refused'`)
  try {
    return text.startsWith('(?i)') ? new RegExp(text.slice(4), 'iu') : new RegExp(text, 'u')
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error)
    throw usageError(`${flag}: ${why}`, 'JavaScript regular expressions; (?i) at the start ignores case')
  }
}

function idFrom(text: string | undefined, flag: string): string | null {
  if (text === undefined) return null
  if (text.trim() === '') throw usageError(`${flag} is empty`, 'paste the id as a log line or the console shows it')
  return text.trim()
}
