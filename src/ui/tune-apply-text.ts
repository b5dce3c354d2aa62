import type {Applicable} from '../services/tuning/apply/applicable.ts'
import type {Applied} from '../services/tuning/apply/apply-size.ts'
import {paintedRows} from './layout.ts'
import {counted} from './numbers.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {stackOf, type TunePatch, tunePatches} from './tune-patches.ts'
import {placeOf, sizeText} from './tune-words.ts'

export type TuneApplyOptions = {
  readonly terminal: Terminal
  /** who calls, as an ARN; null where nobody knows */
  readonly caller: string | null
  readonly isDryRun: boolean
}

/** What --apply would change, where, as whom, and what the same is in the code that defines the function. */
export function tuneChangeText(
  changing: readonly Applicable[],
  {terminal, caller, isDryRun}: TuneApplyOptions,
): string {
  const {arrow} = glyphsFor(terminal)
  const lines = changing.flatMap(({plan, recommendation}): readonly Line[] => {
    const {account, region} = placeOf(plan)
    const {name, memorySizeMB, architecture} = plan.source
    return [
      [span('change ', 'dim'), span(name, 'strong'), span(` in ${[account, region].filter(Boolean).join(' ')}`)],
      ...(caller === null ? [] : [[span('  as      ', 'dim'), span(caller, 'dim')]]),
      [
        span('  $LATEST ', 'dim'),
        span(`${sizeText(memorySizeMB)} ${arrow} ${sizeText(recommendation.memorySizeMB)}`, 'strong'),
        span('; no version is published, and no alias moves', 'dim'),
      ],
      ...(architecture === recommendation.architecture
        ? []
        : [[span(`  ${recommendation.architecture} takes code built for it: that is yours to deploy`, 'look')]]),
      ...patchLines(tunePatches(plan, recommendation), stackOf(plan)),
    ]
  })
  const end: readonly Line[] = isDryRun ? [[span('--dry-run: nothing was changed', 'dim')]] : []
  return paintedRows([...lines, ...end], terminal)
}

/** `Set the memory of checkout-api to 1,769 MB?` */
export function tuneChangeQuestion(changing: readonly Applicable[]): string {
  const [only, ...others] = changing
  if (only === undefined || others.length > 0) return `Set the memory of ${counted(changing.length, 'function')}?`
  return `Set the memory of ${span(only.plan.source.name).text} to ${sizeText(only.recommendation.memorySizeMB)}?`
}

/** What was set, as AWS told it afterwards: `✓ checkout-api has 1,769 MB`. */
export function tuneAppliedText({functionName, memorySizeMB}: Applied, terminal: Terminal): string {
  const {ok} = glyphsFor(terminal)
  return paintedRows(
    [[span(`${ok} `, 'good'), span(`${functionName}'s $LATEST has ${sizeText(memorySizeMB)}, read back from AWS`)]],
    terminal,
  )
}

/** The tool that manages the function; all of them where nobody knows which. */
function patchLines(patches: readonly TunePatch[], stack: string | null): readonly Line[] {
  const managers = patches.filter(({isManager}) => isManager)
  return (managers.length > 0 ? managers : patches).flatMap(({title, isManager, lines}) => [
    [
      span(`  ${title}`, 'strong'),
      span(
        isManager
          ? `${stack === null ? '' : `, stack ${stack}`}: set it there too, or the next deployment sets it back`
          : '',
        'look',
      ),
    ],
    ...lines.map(line => [span(`    ${line}`, line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'dim')]),
  ])
}
