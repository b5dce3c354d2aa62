import {BaseCommand} from '../base-command.ts'
import {ExitCode, usageError} from '../errors.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {checkTargets, inRegionOf, traceFlags, traceOptionsFrom, traceSinceByDefault} from '../flags/trace.ts'
import {mayWriteReport} from '../services/report-file.ts'

const redactionNotice =
  'masked: users, annotations, what fields name so, and these values wherever they stand; of other names in sentences nothing can know: read it before you share it'

export default class Trace extends BaseCommand {
  static override summary = 'Where the time of one request went, and what broke'
  static override description =
    'ID is whatever is at hand: a trace id in any form, a Lambda request id, a console link; - or a pipe takes a log line from standard input. Where X-Ray has no trace, one is made of log lines. TARGET says where logs are searched, in every function by default; --since and --until say when, for an id that tells no time. Marks: ✗ failed; bold, or • without colours, on the critical path; ░ a cold start; ┄ waiting; ⤷ ⤴ linked traces; ? in --interactive tells them all.'
  static override examples = [
    '<%= config.bin %> trace 1-5759e988-bd862e3fe1be46a994272793',
    '<%= config.bin %> trace 76269889-7d50-4d6d-a3f1-9b4f5322f47c checkout-api --logs',
    '<%= config.bin %> logs checkout-api --failed --limit 1 | <%= config.bin %> trace',
    '<%= config.bin %> trace 1-68bd7c1a-… --diff 1-68bd7023-…',
  ]
  static override strict = false
  static override usage = 'trace [ID] [TARGET…] [flags]'
  static override flags = traceFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Trace)
    const [word, ...given] = parsed.argv as string[]
    const {flags, targets} = await this.inScope(parsed.flags, given)
    checkTargets(targets)
    const now = this.clock.now()
    const options = traceOptionsFrom(flags)
    if (options.out) await mayWriteReport(options.out.file)
    const window = await windowFrom(flags, traceSinceByDefault, now)
    const screen = options.interactive ? await this.screen('--interactive') : null
    const text = await this.#idIn(word)
    const {traceRefFrom} = await import('../services/traces/trace-ref.ts')
    const ref = traceRefFrom(text, now)
    const other = options.diff === null ? null : traceRefFrom(options.diff, now)
    const words = selectionWords(targets, flags)

    const all = await this.aws(inRegionOf(flags, ref.region))
    const [{readCompared}, {totalCalls}] = await Promise.all([
      import('../services/traces/read-compared.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    let doing = 'asking X-Ray'
    let isRead = false
    this.atEnd(async () => {
      if (!isRead && this.signal.aborted)
        await this.notice(`interrupted while ${doing}: no trace is shown, and nothing was changed at AWS`)
    })
    const showProgress = (): void => this.whileSilent(() => ({doing: 'listing', what: doing, ...totalCalls(all)}))
    showProgress()
    const toRead = {
      ref,
      redaction: options.redaction,
      start: window.start,
      end: window.end ?? now,
      now,
      isWindowGiven: flags.since !== undefined || flags.until !== undefined,
      onStep: (step: string): void => {
        doing = step
      },
      onNotice: (notice: string) => void this.notice(notice).then(showProgress),
    }
    if (options.redaction === 'all') await this.notice(redactionNotice)
    const {report, diff} = await readCompared(all, words, toRead, other, this.signal)
    isRead = true

    const [{traceScreen}, {messageReader}] = await Promise.all([
      import('../ui/trace-screen.ts'),
      import('../services/logs/message-reader.ts'),
    ])
    const {clock} = await timeDisplay(flags, window, now)
    const drawn = traceScreen({
      ...options,
      clock,
      isZoneGiven: flags.utc || flags.tz !== undefined,
      now,
      json: flags.json,
      terminal: this.terminal,
      reader: messageReader,
    })
    if (options.out) await this.keepReport(options.out.file, drawn.kept(options.out.format, report, diff))
    if (report.coverage.gaps.length > 0) this.exitWith(ExitCode.partial)
    if (screen === null) return this.write(drawn.draw(report, diff))
    const {showTrace} = await import('../ui/trace-view.tsx')
    const view = {terminal: this.terminal, clock, now, reader: messageReader}
    this.endSilence()
    await screen.show(given => showTrace(given, report, view))
  }

  /** What was given to look for: a word, or what is piped in. */
  async #idIn(word: string | undefined): Promise<string> {
    if (word !== undefined && word !== '-') return word
    const text = await this.input(word === '-')
    if (text === null)
      throw usageError(
        'there is no id to look for',
        'give a trace id, a request id or a console link, or pipe a log line in: slsops logs --failed --limit 1 | slsops trace',
      )
    return text
  }
}
