import {coldStartsFlags, coldStartsOptionsFrom, coldStartsSinceByDefault} from '../flags/coldstarts.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {FleetCommand} from '../fleet-command.ts'
import {mayWriteReport} from '../services/report-file.ts'

const cheaperThanQueries = 'a shorter --since, fewer functions or --engine filter cost less'

export default class ColdStarts extends FleetCommand {
  static override summary = 'Cold starts: how many were felt, for how long, what they cost, and why'
  static override description =
    'Tells cold starts that somebody waited for (on-demand inits, SnapStart restores, inits that ran into ten seconds or failed) from those that nobody did (proactive ones, provisioned concurrency), by the REPORT and INIT_START lines of both log formats. Rates are by the invocations that CloudWatch counted. A function whose log cannot tell is unknown, with the reason, and never a zero.'
  static override examples = [
    '<%= config.bin %> coldstarts --since 24h',
    "<%= config.bin %> coldstarts 'checkout-*' --by version",
    '<%= config.bin %> coldstarts --by hour --since 7d --out coldstarts.csv',
    '<%= config.bin %> coldstarts checkout-api:live --since-deploy',
    "<%= config.bin %> coldstarts --json | jq '.functions[] | select(.rate > 0.01) | {function, rate, initMs}'",
  ]
  static override strict = false
  static override usage = 'coldstarts [TARGET…] [flags]'
  static override flags = coldStartsFlags

  async run(): Promise<void> {
    const parsed = await this.parse(ColdStarts)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const options = coldStartsOptionsFrom(flags, targets)
    const {out} = options
    if (out !== null) await mayWriteReport(out.file)
    const asked = await windowFrom(flags, coldStartsSinceByDefault, now)
    const words = selectionWords(targets, flags)

    const all = await this.aws(flags)
    const [{openColdStarts}, {coldStartsScreen}, {totalCalls}] = await Promise.all([
      import('../services/fleet/coldstarts/open-coldstarts.ts'),
      import('../ui/coldstarts-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    const {window, listing} = await this.beginScan(all, flags, {start: asked.start, end: asked.end ?? now})
    const opened = await openColdStarts(all, words, {...options, ...window, now, listing}, this.signal)
    const display = await timeDisplay(flags, window, now)
    const screen = coldStartsScreen({...display, ...options, opened, json: flags.json})
    for (const notice of opened.notices) await this.notice(notice)
    await this.status(screen.header)
    if (opened.quicker !== null) {
      const {quickerEngineText} = await import('../ui/coldstarts-engine-text.ts')
      await this.notice(quickerEngineText(opened.quicker))
    }
    await this.mayScan(opened.plan, flags, opened.engine === 'insights' ? cheaperThanQueries : undefined)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now()), this.errorTerminal)))
    this.whileSilent(() => screen.reading(this.clock.now(), totalCalls(all).throttles))

    const report = await opened.read(notice => void this.notice(notice))
    this.exitWith(...opened.verdicts())
    if (out === null) return this.write(screen.answer(report, this.terminal))
    await this.keepReport(out.file, screen.kept(report, out.format))
  }
}
