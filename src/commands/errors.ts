import {BaseCommand} from '../base-command.ts'
import {costLimitsFrom} from '../flags/cost.ts'
import {errorFlags, errorOptionsFrom} from '../flags/errors.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {mayWriteReport} from '../services/report-file.ts'
import {keepNewSpaceSmall} from '../v8-heap.ts'

export default class Errors extends BaseCommand {
  static override summary = 'What goes wrong: errors by kind, and which of them are new or growing'
  static override description =
    'Errors of many functions as kinds of errors: exceptions by type and stack, messages by their words, timeouts, out of memory and failed inits. Each is compared with the time before. With --since-deploy, the version that serves now is compared with the one before it.'
  static override examples = [
    '<%= config.bin %> errors --since 15m',
    "<%= config.bin %> errors 'checkout-*' --baseline 1w",
    '<%= config.bin %> errors checkout-api --watch',
    '<%= config.bin %> errors checkout-api:live --since-deploy --for 10m --min-invocations 200 --fail-on new',
    '<%= config.bin %> errors --json | jq \'.clusters[] | select(.trend == "new")\'',
  ]
  static override strict = false
  static override usage = 'errors [TARGET…] [flags]'
  static override flags = errorFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Errors)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const options = await errorOptionsFrom(flags)
    if (options.out) await mayWriteReport(options.out.file)
    const window = await windowFrom(flags, options.sinceByDefault, now)
    const words = selectionWords(targets, flags)

    const all = await this.aws(flags)
    const [{openErrors}, {totalCalls}] = await Promise.all([
      import('../services/errors/open-errors.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    this.whileSilent(() => ({doing: 'listing', ...totalCalls(all)}))
    const toRead = {...options, ...window, now, random: Math.random, maxUSDPerHour: costLimitsFrom(flags).maxCostUSD}
    const errors = await openErrors(all, words, toRead, this.signal)
    const {errorScreen} = await import('../ui/errors-screen.ts')
    const display = await timeDisplay({...flags, follow: flags.watch}, window, now)
    const screen = errorScreen({...options, ...display, errors, json: flags.json, terminal: this.terminal})

    for (const notice of errors.notices) await this.notice(notice)
    await this.status(screen.header)
    await this.mayCost(errors.plan?.estimate.costUSD ?? 0, screen.estimate, flags)
    this.atEnd(() => this.report(screen.receipt(errors.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.reading(this.clock.now()))
    keepNewSpaceSmall()

    for await (const step of errors.steps) {
      if ('notice' in step) await this.notice(step.notice)
      else await this.write(screen.draw(step.report))
    }
    if (options.out) await this.keepReport(options.out.file, screen.kept(options.out.format))
    this.exitWith(...errors.verdicts(options.failOn))
  }
}
