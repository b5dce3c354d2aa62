import {ExitCode, UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {SelectedFunction} from '../../targets/select-functions.ts'
import {readOpenRuns} from '../undo/open-runs.ts'
import {type InspectOptions, inspectSource} from './inspect-source.ts'
import {refuseOtherRun} from './other-runs.ts'

type InspectAllOptions = InspectOptions & {
  /** where journals are kept */
  readonly journals: string
  /** a run to go on with; null: none */
  readonly resume: string | null
}

const noRuns = {runs: []}

type Inspected = Awaited<ReturnType<typeof inspectSource>>
type Failure = {readonly name: string; readonly error: UserError}

/** As what is left out of the answer. */
export const skippedFunction = ({name, error}: Failure) => ({
  what: name,
  function: name,
  reason: error.exitCode === ExitCode.refused ? ('denied' as const) : ('failed' as const),
  detail: [error.message, error.hint].filter(Boolean).join('; '),
})

/** Reads the functions that are going to be tuned, and which of them cannot be. @throws the signal's reason, and bugs */
export async function inspectAll(
  aws: Aws,
  functions: readonly SelectedFunction[],
  options: InspectAllOptions,
  signal: AbortSignal,
): Promise<{readonly inspected: readonly Inspected[]; readonly failures: readonly Failure[]}> {
  const isObserved = options.mode === 'observe'
  // a place that cannot be read cannot be written either, which a run says before it changes anything
  const {runs} = isObserved ? noRuns : await readOpenRuns(options.journals).catch(() => noRuns)
  const all = await Promise.all(
    functions.map(async selected => {
      try {
        const inspected = await inspectSource(aws, selected, options, signal)
        refuseOtherRun(aws, inspected.source, runs, options.resume)
        return inspected
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof UserError)) throw error
        return {name: selected.name, error}
      }
    }),
  )
  return {
    inspected: all.filter(each => 'source' in each),
    failures: all.filter(each => 'error' in each),
  }
}

/** Of an alias that two versions serve, the one that serves more. */
export function withoutMinorVersions(functions: readonly SelectedFunction[]): {
  readonly major: readonly SelectedFunction[]
  readonly notices: readonly string[]
} {
  const asked = Map.groupBy(functions, ({name, alias, version}) => `${name}:${alias?.name ?? version ?? ''}`)
  const shareOf = ({alias}: SelectedFunction): number => alias?.share ?? 1
  const major = [...asked.values()].flatMap(those => [...those].sort((a, b) => shareOf(b) - shareOf(a)).slice(0, 1))
  const notices = major.flatMap(({name, alias, version}) =>
    alias !== null && alias.share < 1
      ? [
          `${name}:${alias.name} is served by two versions: ${version} is tuned, which serves ${Math.round(alias.share * 100)} %`,
        ]
      : [],
  )
  return {major, notices}
}
