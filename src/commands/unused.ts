import {costLimitsFrom} from '../flags/cost.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {unusedFlags, unusedOptionsFrom, unusedSinceByDefault} from '../flags/unused.ts'
import {FleetCommand} from '../fleet-command.ts'
import {mayWriteReport} from '../services/report-file.ts'

export default class Unused extends FleetCommand {
  static override summary = 'Which functions nothing calls, which should run and do not, and what is wasted'
  static override description =
    'Judges every function by its metrics over all aliases and versions, its triggers, schedules, policy, URL, state and log, and says why. What could not be read is unknown, never unused. Broken is what has work to do and does not run. It deletes nothing.'
  static override examples = [
    '<%= config.bin %> unused',
    '<%= config.bin %> unused --since 90d --region all',
    "<%= config.bin %> unused 'orders-*' --verdict broken,inactive",
    '<%= config.bin %> unused --fail-on broken --json',
    '<%= config.bin %> unused --out unused.csv',
  ]
  static override strict = false
  static override usage = 'unused [TARGET…] [flags]'
  static override flags = unusedFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Unused)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const {out, failOn, newMs, ...shown} = await unusedOptionsFrom(flags)
    // no amount is refused before anything is read
    costLimitsFrom(flags)
    if (out !== null) await mayWriteReport(out.file)
    const asked = await windowFrom(flags, unusedSinceByDefault, now)
    const words = selectionWords(targets, flags)

    const all = await this.aws(flags)
    const [{openUnused}, {unusedScreen}, {totalCalls}] = await Promise.all([
      import('../services/fleet/unused/open-unused.ts'),
      import('../ui/unused-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    const {window, listing} = await this.beginScan(all, flags, {start: asked.start, end: asked.end ?? now})
    const options = {window: {...window, now, newMs}, listing, only: shown.only}
    const opened = await openUnused(all, words, options, this.signal)
    const display = await timeDisplay(flags, window, now)
    const screen = unusedScreen({...display, ...shown, opened, json: flags.json})
    for (const notice of opened.notices) await this.notice(notice)
    await this.status(screen.header)
    await this.mayScan(opened.plan, flags)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.judging(this.clock.now(), totalCalls(all).throttles))

    const report = await opened.read()
    this.exitWith(...opened.verdicts(failOn))
    if (out === null) return this.write(screen.answer(report, this.terminal))
    await this.keepReport(out.file, screen.kept(report, out.format))
  }
}
