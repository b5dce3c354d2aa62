import type {Scope} from '../services/aws/scope.ts'
import type {Candidate} from '../services/tuning/candidate.ts'
import type {Resumed, TunePlan} from '../services/tuning/tune-plan.ts'
import {padEnd} from './columns.ts'
import {paintedRows} from './layout.ts'
import {bytes, count, counted, roughDuration, usd} from './numbers.ts'
import {type Line, plainText, type Span, span, wrapLine} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {objectiveText} from './tune-objective-words.ts'
import {limitsText, mostCalls, plansTable, worstUSD} from './tune-plans-table.ts'
import {coldText, isCurrent, isOfSeveralArchitectures, placeOf, pricesText, targetText} from './tune-words.ts'

export type TunePlanTextOptions = {
  readonly terminal: Terminal
  readonly scope: Scope
  /** who calls, as an ARN; null where nobody knows */
  readonly caller: string | null
  readonly isDryRun: boolean
  /** whether the answer will be set on the function */
  readonly isApplied: boolean
}

const titleColumns = 10

/** What will be made and removed, what will be invoked, how often, and what that may cost at worst: shown before it is asked about. */
export function tunePlanText(plans: readonly TunePlan[], options: TunePlanTextOptions): string {
  const {terminal, isDryRun} = options
  const [first, ...others] = plans
  if (first === undefined) return ''
  const lines: Line[] = [
    headLine(first, others.length + 1, options),
    ...(options.caller === null ? [] : fact('as', [span(options.caller, 'dim')], terminal)),
    ...(others.length === 0 ? planLines(first, options) : severalLines([first, ...others], options)),
    ...(isDryRun ? [[span('--dry-run: nothing was made and nothing invoked', 'dim')]] : []),
  ]
  return paintedRows(lines, terminal)
}

/** What is asked before it begins: `Invoke checkout-api up to 240 times, for at most $0.050?` In rows where it is no more than one. */
export function tuneQuestion(plans: readonly TunePlan[], {isTTY, columns}: Terminal): string {
  const names = plans.map(targetText)
  const which = names.length === 1 ? (names[0] ?? '') : counted(names.length, 'function')
  const question = span(`Invoke ${which} up to ${count(mostCalls(plans))} times, for at most ${usd(worstUSD(plans))}?`)
  const room = Math.max(1, columns - ' [y/N] y'.length)
  return isTTY ? wrapLine([question], room, room).map(plainText).join('\n') : question.text
}

function headLine(plan: TunePlan, functions: number, {scope}: TunePlanTextOptions): Line {
  const {account, region} = placeOf(plan)
  const profile = scope.profile === null ? '' : ` (profile ${scope.profile})`
  return [
    span('tune ', 'dim'),
    span(functions === 1 ? targetText(plan) : counted(functions, 'function'), 'strong'),
    span(` in ${[account, region].filter(Boolean).join(' ')}${profile}`),
  ]
}

function planLines(plan: TunePlan, {terminal, isApplied}: TunePlanTextOptions): readonly Line[] {
  const row = (title: string, ...spans: readonly Span[]): readonly Line[] => fact(title, spans, terminal)
  const notes = notesOf([plan]).flatMap(note => row('note', span(note, 'look')))
  if (plan.mode === 'observe')
    return [
      ...row('wanted', span(objectiveText(plan.objective))),
      ...row('sizes', span('those that it had in the past')),
      ...row('reads', span(observeText)),
      ...notes,
    ]
  const {dot} = glyphsFor(terminal)
  const {limits, makingMs, concurrency, resumed} = plan
  return [
    ...(resumed === null ? [] : row('goes on', span(resumedText(resumed)))),
    ...row('wanted', span(objectiveText(plan.objective))),
    ...row('sizes', span(sizesText(plan.candidates, plan))),
    ...madeTexts(plan, isApplied).flatMap(([title, text]) => row(title, span(text))),
    ...(isApplied ? appliedRows([plan], row) : []),
    ...row('payload', span(payloadText(plan), plan.isPayloadAssumed ? 'look' : 'plain')),
    ...row(
      'invokes',
      span(
        `up to ${counted(mostCalls([plan]), resumed === null ? 'real execution' : 'more real execution')}`,
        'strong',
      ),
      span(' in its role: '),
      span('they can write, charge, send', 'look'),
    ),
    ...row(
      'at worst',
      span(usd(worstUSD([plan])), 'strong'),
      span(
        ` ${dot} ${limitsText(limits.maxTimeMs, concurrency)} ${dot} about ${roughDuration(makingMs)} to make and remove ${dot} it stops once the answer is settled`,
      ),
    ),
    ...row('by', span(`${pricesText(plan)} ${dot} ${coldText(plan.coldRatio)}`, 'dim')),
    ...notes,
  ]
}

/** Several functions have a row each; what holds for all of them is said once. */
function severalLines(plans: readonly [TunePlan, ...TunePlan[]], options: TunePlanTextOptions): readonly Line[] {
  const {terminal, isApplied} = options
  const [first] = plans
  const {dot} = glyphsFor(terminal)
  const row = (title: string, ...spans: readonly Span[]): readonly Line[] => fact(title, spans, terminal)
  const notes = notesOf(plans).flatMap(note => row('note', span(note, 'look')))
  const wanted = row('wanted', span(objectiveText(first.objective)))
  if (first.mode === 'observe')
    return [...wanted, ...row('reads', span(observeText)), ...plansTable(plans, terminal), ...notes]
  return [
    ...wanted,
    ...row('makes', span(severalMadeText(first, isApplied))),
    ...(isApplied ? appliedRows(plans, row) : []),
    ...row('payload', ...severalPayload(plans)),
    ...row(
      'invokes',
      span(`up to ${count(mostCalls(plans))} real executions`, 'strong'),
      span(' in their roles: '),
      span('they can write, charge, send', 'look'),
    ),
    ...row(
      'at worst',
      span(usd(worstUSD(plans)), 'strong'),
      span(
        ` ${dot} ${roughDuration(plans.reduce((sum, {limits}) => sum + limits.maxTimeMs, 0))}, one function after the other ${dot} about ${roughDuration(plans.reduce((sum, {makingMs}) => sum + makingMs, 0))} to make and remove ${dot} limits are shared evenly, and what one leaves goes to the next`,
      ),
    ),
    ...row('by', span(pricesText(first), 'dim')),
    ...plansTable(plans, terminal),
    ...notes,
  ]
}

const observeText = 'what the log has of past invocations; nothing is invoked, made or changed'

/** A fact behind its title, its further rows below its first. */
function fact(title: string, spans: Line, {isTTY, columns, unicode}: Terminal): readonly Line[] {
  const indent = 2 + titleColumns
  const room = Math.max(titleColumns, columns - indent)
  const rows = isTTY ? rowsOf(spans, room, ` ${glyphsFor({unicode}).dot} `) : [spans]
  return rows.map((row, i) => [span(`  ${padEnd(i === 0 ? title : '', titleColumns)}`, 'dim'), ...row])
}

const rowsOf = (spans: Line, room: number, separator: string): readonly Line[] =>
  wrapLine(spans, room, room, plainText(spans).includes(separator) ? separator : ' ')

/** functions that a note names; of more it says how many there are */
const mostNamed = 5

/** A note that several functions have is said once, with what has it. */
function notesOf(plans: readonly TunePlan[]): readonly string[] {
  const all = Map.groupBy(
    plans.flatMap(plan => plan.notes.map(note => ({note, name: targetText(plan)}))),
    ({note}) => note,
  )
  return Array.from(all, ([note, those]) => {
    if (plans.length === 1) return note
    if (those.length === plans.length) return `each function: ${note}`
    const names = those.slice(0, mostNamed).map(({name}) => name)
    const more = those.length - names.length
    return `${names.join(', ')}${more === 0 ? '' : ` and ${count(more)} more`}: ${note}`
  })
}

/** `with run 20261120-140711-k3f9x2ab: its 42 calls and $0.0012 count already` */
function resumedText({runId, invocations, samples, costUSD}: Resumed): string {
  const open = invocations - samples
  const without = open === 0 ? '' : `, ${count(open)} of them without an answer`
  return `with run ${runId}: its ${counted(invocations, 'call')}${without} and ${usd(costUSD)} count already`
}

/** `128, 256, 512 MB; today's is 512`, by architecture where there are several. */
function sizesText(candidates: readonly Candidate[], plan: TunePlan): string {
  const isSeveral = isOfSeveralArchitectures(candidates)
  const today = candidates.some(one => isCurrent(one, plan)) ? `; today's is ${count(plan.source.memorySizeMB)}` : ''
  return [...Map.groupBy(candidates, ({architecture}) => architecture)]
    .map(
      ([architecture, those]) =>
        `${those.map(({memorySizeMB}) => count(memorySizeMB)).join(', ')} MB${isSeveral ? ` on ${architecture}` : ''}`,
    )
    .join(', ')
    .concat(today)
}

function madeTexts(plan: TunePlan, isApplied: boolean): readonly (readonly [title: string, text: string])[] {
  const {mode, candidates, clones} = plan
  const {name} = plan.source
  if (mode === 'versions')
    return [
      ['changes', `the memory of ${name}'s $LATEST, to publish a version of each size`],
      ['restores', 'it before the first call; aliases are never touched'],
      ['removes', `those ${counted(candidates.length, 'version')} at the end, also after Ctrl-C`],
    ]
  return [
    ['makes', clones.join(' and ')],
    [
      '',
      `${clones.length === 1 ? 'a clone' : 'clones'} without triggers or destinations, and ${clones.length === 1 ? 'its' : 'their'} log group`,
    ],
    [
      'removes',
      isApplied
        ? 'all of it at the end, also after Ctrl-C'
        : `all of it at the end, also after Ctrl-C; ${name} is never touched`,
    ],
  ]
}

function severalMadeText({mode}: TunePlan, isApplied: boolean): string {
  if (mode === 'versions')
    return 'versions of each in turn, by its $LATEST, which is restored before the first call; they are removed at the end'
  return `a clone of each in turn, without triggers or destinations, and removes it${isApplied ? '' : '; the functions are never touched'}`
}

type Row = (title: string, ...spans: readonly Span[]) => readonly Line[]

/** What --apply will do; what is measured of a version or an alias is not what is set. */
function appliedRows(plans: readonly TunePlan[], row: Row): readonly Line[] {
  const [only] = plans
  const whose = plans.length === 1 ? `${only?.source.name}'s $LATEST` : "each one's $LATEST"
  return [
    ...row('applies', span(`the winner to ${whose}, once it is settled`, 'look')),
    ...plans.flatMap(({source: {name, qualifier, version}}) =>
      qualifier === null
        ? []
        : row(
            '',
            span(
              `${plans.length === 1 ? '' : `${name}:`}${qualifier}${qualifier === version ? '' : ` (version ${version})`} is measured and stays as it is; $LATEST may differ`,
              'look',
            ),
          ),
    ),
  ]
}

function payloadText({payloads, isPayloadAssumed, allowErrors}: TunePlan): string {
  const what = isPayloadAssumed
    ? '{}, for none was given: --payload names real work'
    : payloads.length === 1
      ? `as given, ${bytesOf(payloads)}`
      : `${count(payloads.length)} in turn, by weight, ${bytesOf(payloads)}`
  return allowErrors.length === 0 ? what : `${what}; errors that count: ${allowErrors.join(', ')}`
}

/** What works for one function rarely does for others. */
function severalPayload(plans: readonly [TunePlan, ...TunePlan[]]): readonly Span[] {
  const [first] = plans
  const texts = new Set(plans.map(({payloads}) => JSON.stringify(payloads)))
  if (texts.size > 1) return [span(`one for each, ${bytesOf(plans.flatMap(({payloads}) => payloads))}`)]
  const what = first.isPayloadAssumed ? '{}, for none was given,' : `the same, ${bytesOf(first.payloads)},`
  return [span(`${what} to all ${count(plans.length)}: --payload-dir has one for each`, 'look')]
}

/** `16 B`, or from the smallest to the largest. */
function bytesOf(payloads: TunePlan['payloads']): string {
  const sizes = payloads.map(({text}) => Buffer.byteLength(text))
  const [least, most] = [bytes(Math.min(...sizes)), bytes(Math.max(...sizes))]
  return least === most ? least : `${least} to ${most}`
}
