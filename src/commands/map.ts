import {BaseCommand} from '../base-command.ts'
import {mapFlags, mapOptionsFrom, sinceByDefault} from '../flags/map.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {mayWriteReport} from '../services/report-file.ts'

export default class ServiceMap extends BaseCommand {
  static override summary = 'Who calls whom: services, with calls, errors and latency'
  static override description =
    'The service map as X-Ray knows it, from the requests that were sampled. With TARGET, these functions and all that leads to them or that they lead to. What fails is shown first, with where failures begin.'
  static override examples = [
    '<%= config.bin %> map',
    '<%= config.bin %> map checkout-api --since 15m',
    '<%= config.bin %> map --errors --region eu-west-1,us-east-1',
    '<%= config.bin %> map --since 24h --out map.svg',
    "<%= config.bin %> map --json | jq '.edges[] | select(.faultRate > 0.01)'",
  ]
  static override strict = false
  static override usage = 'map [TARGET…] [flags]'
  static override flags = mapFlags

  async run(): Promise<void> {
    const parsed = await this.parse(ServiceMap)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const {out, ...options} = mapOptionsFrom(flags)
    if (out !== null) await mayWriteReport(out.file)
    const {start, end} = await windowFrom(flags, sinceByDefault, now)

    const all = await this.aws(flags)
    const [{openMap}, {mapScreen}, {totalCalls}] = await Promise.all([
      import('../services/traces/open-map.ts'),
      import('../ui/map-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    this.whileSilent(() => ({doing: 'listing', ...totalCalls(all)}))
    const window = {start, end: end ?? now}
    const opened = await openMap(all, selectionWords(targets, flags), {...options, ...window, now}, this.signal)
    const {windowText} = await timeDisplay(flags, window, now)
    const screen = mapScreen({...options, opened, json: flags.json, windowText})

    for (const notice of opened.notices) await this.notice(notice)
    await this.status(screen.header)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.reading(this.clock.now(), totalCalls(all).throttles))
    const map = await opened.read()
    this.exitWith(...opened.verdicts())
    if (out === null) return this.write(screen.draw(map, this.terminal))
    await this.keepReport(out.file, await screen.kept(map, out.format))
  }
}
