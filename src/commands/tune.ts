import {selectionWords, windowFrom} from '../flags/shared.ts'
import {observedByDefault, tuneFlags, tuneOptionsFrom} from '../flags/tune.ts'
import {mayWriteReport} from '../services/report-file.ts'
import {TuningCommand} from '../tuning-command.ts'

export default class Tune extends TuningCommand {
  static override summary = 'Find the memory size that is cheapest, fastest or balanced, by invoking it'
  static override description =
    'Invokes a throw-away clone of the function at several memory sizes, one call after the other, drops a size as soon as it is certain not to be the best, and stops when the answer is settled; it says how sure it is. The function itself is not touched, and whatever was made is removed at the end, also after Ctrl-C; --cleanup does that for what was killed. The calls are real: they can write, charge and send. What will be invoked, how often, and what it may cost at worst is shown first.'
  static override examples = [
    '<%= config.bin %> tune checkout-api --payload @order.json',
    '<%= config.bin %> tune checkout-api:live --memory 128..3008 --goal balanced --out tune.html',
    '<%= config.bin %> tune checkout-api --slo p95=300ms --max-cost 0.10 --apply',
    '<%= config.bin %> tune --stack shop --payload-dir payloads --arch x86_64,arm64',
    '<%= config.bin %> tune checkout-api --mode observe',
    '<%= config.bin %> tune --cleanup',
  ]
  static override strict = false
  static override usage = ['tune TARGET… [flags]', 'tune --resume RUN [flags]', 'tune --cleanup [RUN…] [flags]']
  static override flags = tuneFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Tune)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    if (flags.cleanup) return this.cleanUp(flags, parsed.argv as string[])
    const options = tuneOptionsFrom(flags, targets, flags.payload === '-' ? await this.input(true) : null)
    const {out} = options
    if (out !== null) await mayWriteReport(out.file)
    const now = this.clock.now()
    const {start, end} = await windowFrom(flags, observedByDefault, now)
    const aws = await this.oneAws(flags)
    const [{openTune}, {tuneScreen}, {applyCommand}, {reportUrl}, {isApplicable}, {curveMs}] = await Promise.all([
      import('../services/tuning/open-tune.ts'),
      import('../ui/tune-screen.ts'),
      import('../ui/tune-next.ts'),
      import('../services/tuning/report/report-url.ts'),
      import('../services/tuning/apply/applicable.ts'),
      import('../services/tuning/race/curve.ts'),
    ])
    const words = selectionWords(targets, flags)
    const window = {start, end: end ?? now}
    await this.showReading([aws], 'looking at what is to be tuned')
    const wish = {...options, journals: this.journals, window}
    if (options.isApplied && options.resume !== null) return this.applySettled(aws, options.resume, wish, flags)
    const opened = await openTune(aws, words, wish, this.signal)
    const {scope, caller, plans, leftOut} = opened
    const screen = tuneScreen({
      json: flags.json,
      scope,
      caller,
      isApplied: options.isApplied,
      leftOut,
      curveMs,
      visualizationUrl: reportUrl,
      applyCommand: report => (options.isApplied || !isApplicable(report) ? null : applyCommand(report.plan, scope)),
    })
    for (const notice of opened.notices) await this.notice(notice)
    if (flags['dry-run']) {
      this.exitWith(...opened.verdicts())
      return this.write(screen.planned(plans, window, this.terminal))
    }
    await this.status(terminal => screen.plan(plans, terminal))
    if (options.mode !== 'observe' && !(await this.mayChange(screen.question(plans, this.errorTerminal), flags))) return

    const reports = await this.tuneAll(opened, screen)
    this.exitWith(...opened.verdicts())
    if (reports.length === 0) return
    await this.conclude(aws, reports, screen, {...options, ...flags, out, caller})
  }
}
