import type {ExitCode} from '../../../../src/errors.ts'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import {openColdStarts} from '../../../../src/services/fleet/coldstarts/open-coldstarts.ts'
import {openCost} from '../../../../src/services/fleet/cost/open-cost.ts'
import {openFunctions} from '../../../../src/services/fleet/inventory/open-functions.ts'
import {builtInRuntimes} from '../../../../src/services/fleet/inventory/runtime-table.ts'
import {openUnused} from '../../../../src/services/fleet/unused/open-unused.ts'
import {coldStartsJson} from '../../../../src/ui/coldstarts-json.ts'
import {costJson} from '../../../../src/ui/cost-json.ts'
import {functionsJson} from '../../../../src/ui/functions-json.ts'
import {unusedJson} from '../../../../src/ui/unused-json.ts'
import {textOf} from '../../../ui/text-of.ts'

export const now = Date.parse('2026-11-20T14:07:11Z')
const hour = 3_600_000
const listing = {cache: null}

export const commandNames = ['functions', 'unused', 'cost', 'coldstarts'] as const
export type CommandName = (typeof commandNames)[number]

export type Told = {
  readonly document: unknown
  readonly verdicts: readonly ExitCode[]
}

/** Each command from targets to its document and exit codes, of as much as takes every kind of call. */
export const commands: Readonly<
  Record<CommandName, (aws: Aws, targets: readonly string[], signal: AbortSignal) => Promise<Told>>
> = {
  async functions(aws, targets, signal) {
    const opened = await openFunctions(
      [aws],
      {targets},
      {
        start: now - 3 * hour,
        end: now,
        now,
        runtimes: builtInRuntimes(),
        runtime: null,
        deprecated: false,
        nearLimit: false,
        failing: false,
        listing,
        sorting: {field: 'function', order: 'asc'},
        by: null,
        memory: true,
        onNotice: () => {},
      },
      signal,
    )
    const report = await opened.read(1)
    return {document: JSON.parse(textOf(functionsJson(report))), verdicts: opened.verdicts()}
  },
  async unused(aws, targets, signal) {
    const window = {start: now - 30 * 24 * hour, end: now, now, newMs: 7 * 24 * hour}
    const opened = await openUnused([aws], {targets}, {window, listing, only: null}, signal)
    const report = await opened.read()
    return {document: JSON.parse(textOf(unusedJson(report))), verdicts: opened.verdicts([])}
  },
  async cost(aws, targets, signal) {
    const opened = await openCost(
      [aws],
      {targets},
      {
        start: now - 3 * hour,
        end: now,
        now,
        compare: true,
        by: {kind: 'stack'},
        sort: 'cost',
        init: true,
        provisioned: true,
        listing,
      },
      signal,
    )
    const report = await opened.read(1)
    return {document: JSON.parse(textOf(costJson(report))), verdicts: opened.verdicts()}
  },
  async coldstarts(aws, targets, signal) {
    const opened = await openColdStarts(
      [aws],
      {targets},
      {
        start: now - 3 * hour,
        end: now - hour,
        now,
        by: 'function',
        sort: 'felt',
        engine: 'auto',
        spendableUSD: 0.25,
        sinceDeploy: false,
        listing,
      },
      signal,
    )
    const report = await opened.read(() => undefined)
    return {document: JSON.parse(coldStartsJson(report, null)), verdicts: opened.verdicts()}
  },
}
