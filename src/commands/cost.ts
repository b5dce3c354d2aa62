import {costLimitsFrom} from '../flags/cost.ts'
import {costReportFlags, costReportOptionsFrom, costSinceByDefault} from '../flags/cost-report.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {FleetCommand} from '../fleet-command.ts'
import {mostSpent} from '../services/cost-limit.ts'
import {mayWriteReport} from '../services/report-file.ts'

const fewerFunctions = 'fewer functions cost less: AWS charges $0.01 for a thousand metrics'

export default class Cost extends FleetCommand {
  static override summary = 'What functions cost by list prices, and why it changed'
  static override description =
    'Adds up requests, compute, provisioned concurrency, init, storage and log ingestion by list prices, from metrics and configuration, and compares them with the window before: more calls, longer ones, more memory, other prices. Free tier, savings plans and private rates are left out. What could not be read is unknown, never a zero.'
  static override examples = [
    '<%= config.bin %> cost',
    "<%= config.bin %> cost 'checkout-*' --since 7d",
    '<%= config.bin %> cost --by stack --sort change',
    '<%= config.bin %> cost --by tag:team --since 2026-10-01 --until 2026-11-01 --utc --out october.csv',
    "<%= config.bin %> cost --json | jq '.components'",
  ]
  static override strict = false
  static override usage = 'cost [TARGET…] [flags]'
  static override flags = costReportFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Cost)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const {out, limit, ...wanted} = costReportOptionsFrom(flags)
    const limits = costLimitsFrom(flags)
    if (out !== null) await mayWriteReport(out.file)
    const asked = await windowFrom(flags, costSinceByDefault, now)
    const words = selectionWords(targets, flags)

    const all = await this.aws(flags)
    const [{openCost}, {costScreen}, {totalCalls}] = await Promise.all([
      import('../services/fleet/cost/open-cost.ts'),
      import('../ui/cost-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    const {window, listing} = await this.beginScan(all, flags, {start: asked.start, end: asked.end ?? now})
    const options = {...wanted, ...window, now, listing}
    const opened = await openCost(all, words, options, this.signal)
    const display = await timeDisplay(flags, opened.window, now)
    const screen = costScreen({...display, opened, limit, targets, json: flags.json})
    for (const notice of opened.notices) await this.notice(notice)
    await this.status(screen.header)
    await this.mayScan(opened.plan, flags, fewerFunctions)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now()), this.errorTerminal)))
    const startedAt = this.clock.now()
    this.whileSilent(() => screen.reading(this.clock.now() - startedAt, totalCalls(all).throttles))

    const report = await opened.read(mostSpent(limits, opened.plan.costUSD))
    this.exitWith(...opened.verdicts())
    if (out === null) return this.write(screen.answer(report, this.terminal))
    await this.keepReport(out.file, screen.kept(report, out.format))
  }
}
