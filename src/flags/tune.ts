import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {Architecture} from '../services/pricing.ts'
import {parseDuration} from '../services/time/duration.ts'
import {isSizeList, memoryByDefault, parseMemorySizes} from '../services/tuning/memory-sizes.ts'
import type {OpenTuneOptions} from '../services/tuning/open-tune.ts'
import type {PayloadSource} from '../services/tuning/payloads/payloads.ts'
import type {Mode} from '../services/tuning/tune-plan.ts'
import type {TuneFormat} from '../ui/tune-screen.ts'
import {changeFlags, changeGroup} from './change.ts'
import {costGroup, costLimitsFrom} from './cost.ts'
import {objectiveFrom} from './objective.ts'
import {outFlag, outFrom} from './out.ts'
import {shareFrom} from './share.ts'
import {targetFlags, windowFlags} from './shared.ts'

const measure = 'MEASURE'
const invoke = 'INVOKE'

const modes = ['shadow', 'versions', 'observe'] as const
const goals = ['cheapest', 'fastest', 'balanced'] as const
const architectures = ['x86_64', 'arm64'] as const
const formats: readonly TuneFormat[] = ['json', 'ndjson', 'csv', 'md', 'svg', 'html']

/** what --mode observe reads */
export const observedByDefault = '14d'
const maxCostByDefaultUSD = 0.5
/** as many environments are made at once, which an account's quota of 1,000 has to allow beside its traffic */
const mostAtATime = 100

const {stack, tag} = targetFlags

export const tuneFlags = {
  stack,
  tag,
  memory: Flags.string({
    helpGroup: measure,
    helpValue: 'SIZES',
    default: memoryByDefault,
    description:
      'sizes in MB: 128..3008 (usual ones within, and one that they promise more of), 128,512,1024, 128..3008/64',
  }),
  arch: Flags.option({options: architectures, multiple: true, multipleNonGreedy: true, delimiter: ','})({
    helpGroup: measure,
    description: 'measure on these; by default on the one that the function has',
  }),
  goal: Flags.option({options: goals, default: 'cheapest' as const})({
    helpGroup: measure,
    description: 'what is best; a tie within 3 % is decided by the other of cost and duration',
  }),
  'balance-weight': Flags.string({
    helpGroup: measure,
    helpValue: 'SHARE',
    description: 'with --goal balanced: how much cost counts, the rest is duration; 50% by default',
  }),
  slo: Flags.string({
    helpGroup: measure,
    helpValue: 'p95=300ms',
    description: 'only sizes of which p50, p90, p95 or p99 of warm invocations is below',
  }),
  'cost-tolerance': Flags.string({
    helpGroup: measure,
    helpValue: 'SHARE',
    description: 'the fastest of those that cost at most so much more than the cheapest, as 5%',
    exclusive: ['balance-weight'],
  }),
  'cold-ratio': Flags.string({
    helpGroup: measure,
    helpValue: 'SHARE',
    description: 'share of invocations that are cold, as 0.01 or 1%; by default as the function had them',
  }),
  mode: Flags.option({options: modes, default: 'shadow' as const})({
    helpGroup: measure,
    description:
      'shadow: a throw-away clone; versions: published versions of the function itself; observe: its past, nothing is invoked',
  }),
  payload: Flags.string({
    helpGroup: invoke,
    helpValue: 'JSON|@FILE|-',
    description: 'what to invoke with; {} by default',
    exclusive: ['payloads', 'payload-dir'],
  }),
  payloads: Flags.string({
    helpGroup: invoke,
    helpValue: 'FILE',
    description: 'NDJSON: a payload a line, or {"payload": …, "weight": 2}',
    exclusive: ['payload-dir'],
  }),
  'payload-dir': Flags.string({
    helpGroup: invoke,
    helpValue: 'DIR',
    description: 'a folder with <function>.json for each function',
  }),
  'allow-error': Flags.string({
    helpGroup: invoke,
    helpValue: 'TYPE',
    multiple: true,
    multipleNonGreedy: true,
    description: 'an error type (or what the answer looks like, as "statusCode 404") that counts as a measurement',
  }),
  concurrency: Flags.integer({
    helpGroup: invoke,
    helpValue: 'N',
    min: 1,
    max: mostAtATime,
    default: 1,
    description: 'invocations at a time; more of them mean more cold starts',
  }),
  'tenant-id': Flags.string({helpGroup: invoke, helpValue: 'ID', description: 'of a function that isolates tenants'}),
  'max-cost': Flags.string({
    helpGroup: costGroup,
    helpValue: 'USD',
    description: `never spend more, each invocation counted at its timeout before it is made; $${maxCostByDefaultUSD.toFixed(2)} by default`,
  }),
  'max-invocations': Flags.integer({
    helpGroup: costGroup,
    helpValue: 'N',
    min: 1,
    description: 'never invoke more often; 40 for each size by default, more with --slo',
  }),
  'max-time': Flags.string({
    helpGroup: costGroup,
    helpValue: 'D',
    description: 'never invoke for longer, as 10m; 15m for each function by default',
  }),
  ...changeFlags,
  'allow-latest': Flags.boolean({
    helpGroup: changeGroup,
    description: 'with --mode versions: change $LATEST for some seconds although it has traffic',
  }),
  apply: Flags.boolean({
    helpGroup: changeGroup,
    description: "set the winner on the function's $LATEST, after showing it",
  }),
  resume: Flags.string({
    helpGroup: changeGroup,
    helpValue: 'RUN',
    description: 'go on with a run that was stopped; with --apply, set the answer of a settled one, and invoke nothing',
  }),
  cleanup: Flags.boolean({
    helpGroup: changeGroup,
    description: 'remove what runs have left in AWS: of all runs, or of those that are named in place of targets',
    exclusive: ['resume', 'apply'],
  }),
  out: outFlag(formats),
  ...windowFlags(observedByDefault),
}

export type TuneFlags = {
  readonly memory: string
  readonly arch?: readonly Architecture[] | undefined
  readonly goal: (typeof goals)[number]
  readonly 'balance-weight'?: string | undefined
  readonly slo?: string | undefined
  readonly 'cost-tolerance'?: string | undefined
  readonly 'cold-ratio'?: string | undefined
  readonly mode: Mode
  readonly payload?: string | undefined
  readonly payloads?: string | undefined
  readonly 'payload-dir'?: string | undefined
  readonly 'allow-error'?: readonly string[] | undefined
  readonly concurrency: number
  readonly 'tenant-id'?: string | undefined
  readonly 'max-cost'?: string | undefined
  readonly 'max-invocations'?: number | undefined
  readonly 'max-time'?: string | undefined
  readonly 'allow-latest': boolean
  readonly apply: boolean
  readonly resume?: string | undefined
  readonly out?: string | undefined
}

/** What the flags of `tune` mean, typed and checked. */
export type TuneCommandOptions = Omit<OpenTuneOptions, 'journals' | 'window'> & {
  readonly isApplied: boolean
  readonly out: {readonly file: string; readonly format: TuneFormat} | null
}

/**
 * Reads the flags of `tune`.
 * @param targets that were named: a run that is gone on with knows its own
 * @param stdin what stands on standard input; null where nobody asked for it
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export function tuneOptionsFrom(
  flags: TuneFlags,
  targets: readonly string[],
  stdin: string | null,
): TuneCommandOptions {
  const {mode, arch, concurrency, apply, out, resume} = flags
  if (resume !== undefined && targets.length > 0)
    throw usageError(`run ${resume} knows which function it was about`, 'leave the targets out')
  if (resume !== undefined && mode === 'observe')
    throw usageError('--mode observe has nothing to go on with', 'leave --resume out')
  if (mode === 'versions' && arch !== undefined)
    throw usageError(
      '--mode versions has only the architecture of the function',
      'leave --arch out, or clone: --mode shadow',
    )
  if (mode === 'observe' && apply)
    throw usageError('--mode observe measures nothing that could be applied', 'measure it first: leave --mode out')
  if (mode !== 'versions' && flags['allow-latest'])
    throw usageError('--allow-latest is for --mode versions', 'leave it out: --mode shadow never touches $LATEST')
  return {
    mode,
    objective: objectiveFrom(flags),
    sizes: parseMemorySizes(flags.memory),
    mayPropose: !isSizeList(flags.memory),
    architectures: arch === undefined ? null : [...new Set(arch)],
    limits: {
      maxCostUSD: maxCostFrom(flags['max-cost']),
      maxInvocations: flags['max-invocations'] ?? null,
      maxTimeMs: maxTimeFrom(flags['max-time']),
    },
    concurrency,
    allowErrors: allowedFrom(flags['allow-error']),
    tenantId: flags['tenant-id'] ?? null,
    allowLatest: flags['allow-latest'],
    coldRatio: flags['cold-ratio'] === undefined ? null : shareFrom(flags['cold-ratio'], '--cold-ratio'),
    payload: payloadFrom(flags, stdin),
    resume: resume ?? null,
    isApplied: apply,
    out: out === undefined ? null : outFrom(out, formats),
  }
}

function payloadFrom({payload, payloads, 'payload-dir': folder}: TuneFlags, stdin: string | null): PayloadSource {
  if (payload !== undefined) return {kind: 'argument', text: payload, stdin}
  if (payloads !== undefined) return {kind: 'lines', path: payloads}
  return folder === undefined ? {kind: 'none'} : {kind: 'folder', path: folder}
}

function maxCostFrom(text: string | undefined): number {
  const {maxCostUSD} = costLimitsFrom({'max-cost': text, yes: false})
  if (maxCostUSD === 0) throw usageError('--max-cost 0 allows no invocation', '--mode observe invokes nothing')
  return maxCostUSD ?? maxCostByDefaultUSD
}

function maxTimeFrom(text: string | undefined): number | null {
  if (text === undefined) return null
  const ms = parseDuration(text, '--max-time')
  if (ms === 0) throw usageError('--max-time 0 allows no invocation', 'give it time, as in --max-time 10m')
  return ms
}

function allowedFrom(types: readonly string[] | undefined): readonly string[] {
  const trimmed = (types ?? []).map(type => type.trim())
  if (trimmed.includes('')) throw usageError('--allow-error is empty', 'name a type, as in --allow-error NotFoundError')
  return [...new Set(trimmed)]
}
