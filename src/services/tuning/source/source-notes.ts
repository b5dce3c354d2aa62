import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {lifecycleOf} from '../../fleet/inventory/runtime-lifecycle.ts'
import {builtInRuntimes} from '../../fleet/inventory/runtime-table.ts'
import type {Architecture} from '../../pricing.ts'
import type {Mode} from '../tune-plan.ts'

export type NotesOptions = {
  readonly mode: Mode
  readonly architecture: Architecture
  /** to be measured on */
  readonly architectures: readonly Architecture[]
  /** epoch ms */
  readonly now: number
}

/** What may be worth knowing of a function before it is tuned, a sentence each. */
export function sourceNotes(configuration: FunctionConfiguration, options: NotesOptions): readonly string[] {
  if (options.mode === 'observe') return []
  return [
    ...(options.mode === 'shadow' ? [otherName] : []),
    ...runtimeNote(configuration, options),
    ...twinNote(configuration, options),
    ...snapStartNote(configuration),
    ...hiddenNote(configuration, options),
  ]
}

const otherName =
  'the clone has another name: code and policies that ask for the function’s (AWS_LAMBDA_FUNCTION_NAME, lambda:SourceFunctionArn) may behave otherwise'

function runtimeNote({Runtime}: FunctionConfiguration, {mode, now}: NotesOptions): readonly string[] {
  const table = builtInRuntimes()
  const {createBlocked, updateBlocked} = lifecycleOf(Runtime ?? null, table, now)
  const isPast = (day: string | null): boolean => day !== null && Date.parse(day) <= now
  if (isPast(updateBlocked))
    return [
      `AWS refuses changes of ${Runtime} functions since ${updateBlocked} (as of ${table.asOf}): only --mode observe may work`,
    ]
  if (mode === 'shadow' && isPast(createBlocked))
    return [
      `AWS refuses new ${Runtime} functions since ${createBlocked} (as of ${table.asOf}): --mode versions needs none`,
    ]
  return []
}

/** Runtimes whose code is a program for one kind of processor. */
const native = /^(provided|go1)/

function twinNote(
  {Runtime, Layers = []}: FunctionConfiguration,
  {architecture, architectures}: NotesOptions,
): readonly string[] {
  const other = architectures.find(asked => asked !== architecture)
  if (other === undefined) return []
  if (native.test(Runtime ?? ''))
    return [
      `${Runtime} runs a program built for ${architecture}: on ${other} it fails, unless the package brings one for both`,
    ]
  if (Runtime?.startsWith('dotnet'))
    return [
      `code that was compiled ahead of time (Native AOT, ReadyToRun) for ${architecture} fails on ${other}, or is slower there`,
    ]
  const layers = Layers.length > 0 ? ' and layers' : ''
  return [`packages${layers} with native code built for ${architecture} fail on ${other}`]
}

function snapStartNote({SnapStart, Runtime}: FunctionConfiguration): readonly string[] {
  if (SnapStart?.ApplyOn !== 'PublishedVersions') return []
  const minutes = 'SnapStart: each size waits some minutes for its snapshot'
  return [Runtime?.startsWith('java') ? minutes : `${minutes}, which is billed for three hours at least`]
}

/** A clone is told to write them. */
function hiddenNote({LoggingConfig}: FunctionConfiguration, {mode}: NotesOptions): readonly string[] {
  const {LogFormat, SystemLogLevel} = LoggingConfig ?? {}
  return mode === 'versions' && LogFormat === 'JSON' && SystemLogLevel === 'WARN'
    ? ['SystemLogLevel=WARN keeps reports out of its log: durations are by this machine’s clock, which is approximate']
    : []
}
