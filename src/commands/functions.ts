import {costLimitsFrom} from '../flags/cost.ts'
import {functionsFlags, functionsOptionsFrom, functionsSinceByDefault} from '../flags/functions.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {FleetCommand} from '../fleet-command.ts'
import {mostSpent} from '../services/cost-limit.ts'
import {mayWriteReport} from '../services/report-file.ts'

export default class Functions extends FleetCommand {
  static override summary = 'List functions: runtimes and their end, headroom, errors, throttles, dead letters'
  static override description =
    'The inventory of a fleet, from its configuration, its metrics and what its REPORT lines tell of memory. What could not be read is unknown with its reason, never a zero; exit code 3 says that there is such.'
  static override examples = [
    '<%= config.bin %> functions',
    '<%= config.bin %> functions --deprecated --columns function,runtime,ends,modified,stack',
    "<%= config.bin %> functions 'checkout-*' --near-limit --sort memory",
    '<%= config.bin %> functions --by tag:team --since 30d',
    '<%= config.bin %> functions --region all --out fleet.csv',
  ]
  static override strict = false
  static override usage = 'functions [TARGET…] [flags]'
  static override flags = functionsFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Functions)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const {out, columns, ...wanted} = await functionsOptionsFrom(flags)
    const limits = costLimitsFrom(flags)
    if (out !== null) await mayWriteReport(out.file)
    const asked = await windowFrom(flags, functionsSinceByDefault, now)
    const words = selectionWords(targets, flags)

    const all = await this.aws(flags)
    const [{openFunctions}, {functionsScreen}, {totalCalls}] = await Promise.all([
      import('../services/fleet/inventory/open-functions.ts'),
      import('../ui/functions-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    const {window, listing} = await this.beginScan(all, flags, {start: asked.start, end: asked.end ?? now})
    const onNotice = (notice: string): void => void this.notice(notice)
    const options = {...wanted, ...window, now, listing, onNotice}
    const opened = await openFunctions(all, words, options, this.signal)
    const display = await timeDisplay(flags, opened.window, now)
    const screen = functionsScreen({...display, opened, columns, json: flags.json})
    for (const notice of opened.notices) await this.notice(notice)
    await this.status(screen.header)
    const {costToAllow, plan, memory} = opened
    const cheaper = `fewer functions${memory === null ? '' : ', or --no-memory,'} cost less`
    await this.mayScan(plan, flags, cheaper, {costUSD: costToAllow, estimate: screen.estimate})
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.reading(this.clock.now(), totalCalls(all).throttles))

    const report = await opened.read(mostSpent(limits, costToAllow))
    this.exitWith(...opened.verdicts())
    if (out === null) return this.write(screen.answer(report, this.terminal))
    await this.keepReport(out.file, screen.kept(report, out.format))
  }
}
