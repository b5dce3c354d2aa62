import {BaseCommand} from '../base-command.ts'
import {costLimitsFrom} from '../flags/cost.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {tracesFlags, tracesOptionsFrom, tracesSinceByDefault} from '../flags/traces.ts'
import {mostSpent} from '../services/cost-limit.ts'
import {mayWriteReport} from '../services/report-file.ts'

const cheaper = 'a shorter --since or a smaller --limit costs less'

export default class Traces extends BaseCommand {
  static override summary = 'Find traces: what failed, what was slow, and why'
  static override description =
    'Lists the traces of X-Ray that go through functions, newest first, or groups them by where failures began, by service, URL or user. X-Ray charges for each trace that it looks at, those that do not match included: how many that were is said.'
  static override examples = [
    '<%= config.bin %> traces --errors',
    "<%= config.bin %> traces 'checkout-*' --slow 2s --since 15m",
    '<%= config.bin %> traces --errors --by cause --since 6h',
    `<%= config.bin %> traces --filter 'http.url CONTAINS "/orders" AND service(){fault}'`,
    "<%= config.bin %> traces --errors --json | jq -r '.traces[].id'",
  ]
  static override strict = false
  static override usage = 'traces [TARGET…] [flags]'
  static override flags = tracesFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Traces)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const {advice, out, ...asked} = await tracesOptionsFrom(flags, this.errorTerminal)
    const limits = costLimitsFrom(flags)
    if (out !== null) await mayWriteReport(out.file)
    const window = await windowFrom(flags, tracesSinceByDefault, now)
    const words = selectionWords(targets, flags)
    for (const notice of advice) await this.notice(notice)

    const all = await this.aws(flags)
    const [{openTraces}, {tracesScreen}, {totalCalls}] = await Promise.all([
      import('../services/traces/open-traces.ts'),
      import('../ui/traces-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    this.whileSilent(() => ({doing: 'listing', what: 'asking what there is to scan', ...totalCalls(all)}))
    const options = {...asked, start: window.start, end: window.end ?? now, now}
    const opened = await openTraces(all, words, options, this.signal)
    const display = await timeDisplay(flags, window, now)
    const screen = tracesScreen({...display, opened, json: flags.json})
    for (const notice of opened.notices) await this.notice(notice)
    await this.status(screen.header)
    const estimatedUSD = opened.estimate?.costUSD ?? 0
    await this.mayCost(estimatedUSD, screen.estimate, flags, cheaper)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.scanning(this.clock.now(), totalCalls(all).throttles))

    const report = await opened.read(mostSpent(limits, estimatedUSD))
    this.exitWith(...opened.verdicts())
    if (out === null) return this.write(screen.answer(report, this.terminal))
    await this.keepReport(out.file, screen.kept(report, out.format))
  }
}
