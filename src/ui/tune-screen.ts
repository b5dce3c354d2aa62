import type {Scope} from '../services/aws/scope.ts'
import type {Gap} from '../services/receipt.ts'
import type {AppliedWinner} from '../services/tuning/apply/open-apply.ts'
import type {TunePlan} from '../services/tuning/tune-plan.ts'
import type {TuneReport} from '../services/tuning/tune-report.ts'
import type {TuneStep} from '../services/tuning/tune-steps.ts'
import {noticeJson} from './json-lines.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {plainText} from './spans.ts'
import type {Terminal} from './terminal.ts'
import {tuneCsv} from './tune-csv.ts'
import {tuneHtml} from './tune-html.ts'
import {tuneJson, tuneJsonWithSamples, tuneNdjson} from './tune-json.ts'
import {lastWords} from './tune-last-words.ts'
import {tuneMarkdown} from './tune-markdown.ts'
import {cleanupCommand, notBegunCommand} from './tune-next.ts'
import {type TunePlanJsonOptions, tunePlanJson} from './tune-plan-json.ts'
import {tunePlanText, tuneQuestion} from './tune-plan-text.ts'
import type {CurveMs} from './tune-plots.ts'
import {tuneStepLine} from './tune-step-line.ts'
import {tuneSummaryLines} from './tune-summary.ts'
import {tuneSvg} from './tune-svg.ts'
import {tuneText} from './tune-text.ts'
import {wasBegun} from './tune-words.ts'

/** of a file */
export type TuneFormat = 'json' | 'ndjson' | 'csv' | 'md' | 'svg' | 'html'

export type TuneScreenOptions = {
  readonly json: boolean
  /** where it is tuned; the account may be null: functions have it in their ARNs */
  readonly scope: Scope
  /** who calls, as an ARN; null where nobody knows */
  readonly caller: string | null
  /** whether the answer will be set on the function */
  readonly isApplied: boolean
  /** a report as a picture by AWS Lambda Power Tuning's page; null where its address cannot hold it */
  readonly visualizationUrl: (report: TuneReport) => string | null
  /** what would set the winner, to be typed; null where --apply was given, or nothing would change */
  readonly applyCommand: (report: TuneReport) => string | null
  /** the fitted curve, for pictures */
  readonly curveMs: CurveMs
  /** what was asked for and will not be tuned */
  readonly leftOut: readonly Gap[]
}

/** Everything that is seen of a sweep but for the live table. */
export type TuneScreen = {
  /** what will be done and what it may cost at worst, before it is asked about */
  plan(plans: readonly TunePlan[], terminal: Terminal): string
  /** the same as the answer to --dry-run, where it ends. @param window what is read of the past, epoch ms */
  planned(plans: readonly TunePlan[], window: TunePlanJsonOptions['window'], terminal: Terminal): string
  /** what is asked before it begins */
  question(plans: readonly TunePlan[], terminal: Terminal): string
  /** a step for stderr where there is no live table; a `slsops/notice@1` with --json */
  line(step: TuneStep, terminal: Terminal): string
  /** the reports as the answer on stdout. @param applied what has been set by now, which JSON tells too */
  answer(reports: readonly TuneReport[], applied: readonly AppliedWinner[], terminal: Terminal): string
  /** the reports as they are kept in a file, all samples with them where the format has rows */
  kept(reports: readonly TuneReport[], applied: readonly AppliedWinner[], format: TuneFormat): string | Iterable<string>
  /** the last words of who leaves before all is cleaned up: how to do it later */
  leftBehind(plan: TunePlan, terminal: Terminal): string
}

export function tuneScreen(options: TuneScreenOptions): TuneScreen {
  const {json, scope, caller, isApplied, leftOut} = options
  return {
    plan: (plans, terminal) => tunePlanText(plans, {terminal, scope, caller, isApplied, isDryRun: false}),
    planned: (plans, window, terminal) =>
      json
        ? tunePlanJson(plans, {scope, caller, leftOut, window})
        : tunePlanText(plans, {terminal, scope, caller, isApplied, isDryRun: true}),
    question: tuneQuestion,
    line(step, terminal) {
      const line = tuneStepLine(step, terminal)
      return json ? noticeJson(plainText(line)) : paintedRows([line], terminal)
    },
    answer: (reports, applied, terminal) =>
      json ? tuneJson(reports, {...options, applied}) : textOf(reports, options, terminal),
    kept: (reports, applied, format) => keptAs[format](reports, {...options, applied}),
    leftBehind: (plan, terminal) =>
      lastWords(
        `not all of run ${plan.runId} was cleaned up; this does it: ${cleanupCommand(plan, scope)}`,
        json,
        terminal,
      ),
  }
}

/** One below the other; of several a summary at the end, where one looks first. */
function textOf(reports: readonly TuneReport[], options: TuneScreenOptions, terminal: Terminal): string {
  const {scope, visualizationUrl, applyCommand} = options
  const each = reports.filter(wasBegun).map(report =>
    tuneText(report, {
      terminal,
      scope,
      visualizationUrl: visualizationUrl(report),
      applyCommand: applyCommand(report),
    }),
  )
  const summary =
    reports.length > 1
      ? [
          paintedRows(tuneSummaryLines(reports, terminal), terminal) +
            nextLine(notBegunCommand(reports, scope), terminal),
        ]
      : []
  return [...each, ...summary].join('\n')
}

type Kept = (
  reports: readonly TuneReport[],
  options: TuneScreenOptions & {readonly applied: readonly AppliedWinner[]},
) => string | Iterable<string>

const keptAs: Readonly<Record<TuneFormat, Kept>> = {
  json: tuneJsonWithSamples,
  ndjson: tuneNdjson,
  csv: tuneCsv,
  md: (reports, {visualizationUrl}) => tuneMarkdown(reports, visualizationUrl),
  svg: (reports, {curveMs}) => tuneSvg(reports.filter(wasBegun), curveMs),
  html: (reports, {curveMs, visualizationUrl}) => tuneHtml(reports, curveMs, visualizationUrl),
}
