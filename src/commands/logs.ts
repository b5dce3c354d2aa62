import {BaseCommand} from '../base-command.ts'
import {logFlags, logOptionsFrom, sinceByDefault} from '../flags/logs.ts'
import {timeDisplay, windowFrom} from '../flags/shared.ts'
import {onceRequestLeft} from '../services/first-request.ts'

export default class Logs extends BaseCommand {
  static override summary = 'Read many log groups as one stream, in time order'
  static override description =
    'Without TARGET, the logs of every function of the region. A TARGET is a function, one of its aliases or versions, a glob, an ARN, or a log group.'
  static override examples = [
    '<%= config.bin %> logs --since 5mins',
    "<%= config.bin %> logs 'checkout-*' --failed --since 1h",
    '<%= config.bin %> logs checkout-api:live --follow --level warn',
    '<%= config.bin %> logs --filter PaymentTimeout --json | jq .message',
    '<%= config.bin %> logs /aws/apigateway/larder-http-api --tail 20',
  ]
  static override strict = false
  static override usage = 'logs [TARGET…] [flags]'
  static override flags = logFlags

  async run(): Promise<void> {
    const {flags, argv} = await this.parse(Logs)
    const now = this.clock.now()
    const [window, options] = await Promise.all([windowFrom(flags, sinceByDefault, now), logOptionsFrom(flags)])
    const words = {targets: argv as string[], stack: flags.stack, tags: flags.tag, logGroups: flags['log-group']}

    const all = await this.aws(flags)
    const [{openLogs}, {totalCalls}] = await Promise.all([
      import('../services/logs/open-logs.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    this.whileSilent(() => ({doing: 'listing', ...totalCalls(all)}))
    const [logs, {logScreen}] = await Promise.all([
      openLogs(all, words, {...options, ...window, now, follow: flags.follow}, this.signal),
      onceRequestLeft().then(() => import('../ui/log-screen.ts')),
    ])
    const display = await timeDisplay(flags, window, now)
    const screen = logScreen({...options, ...display, json: flags.json, raw: flags.raw, terminal: this.terminal, logs})

    for (const notice of [...options.notices, ...logs.notices]) await this.notice(notice)
    if (flags.explain) return this.write(screen.plan())
    await this.status(screen.header)
    this.atEnd(() => this.report(screen.receipt(logs.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.reading(this.clock.now()))
    this.keepNewSpaceSmall()

    for await (const {items, notices} of logs.steps) {
      if (items.length > 0) await this.write(items.map(screen.draw).join(''))
      else if (logs.tally.answered === logs.tally.groups) this.endSilence()
      for (const notice of notices) await this.notice(notice)
    }
    this.exitWith(...logs.verdicts())
  }
}
