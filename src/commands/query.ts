import {BaseCommand} from '../base-command.ts'
import {askedFrom, queryFlags} from '../flags/query.ts'
import {timeDisplay} from '../flags/shared.ts'
import {type Config, loadConfig} from '../services/config.ts'
import {mayWriteReport} from '../services/report-file.ts'

export default class Query extends BaseCommand {
  static override summary = 'Run a Logs Insights query over any number of log groups'
  static override description =
    'QUERY is in CloudWatch Logs Insights’ language, or the name of a saved query. Without TARGET, it reads the logs of every function of the region. What takes several queries is split, run in parallel and put together.'
  static override examples = [
    `<%= config.bin %> query 'filter @message like /(?i)timeout/ | stats count(*) by bin(5m)'`,
    `<%= config.bin %> query 'fields @timestamp, @message | sort @timestamp desc | limit 20' 'checkout-*' --since 15m`,
    '<%= config.bin %> query slowest --since 24h --region eu-west-1,us-east-1',
    `<%= config.bin %> query 'stats count(*) by @log' --csv > calls.csv`,
  ]
  static override strict = false
  static override usage = "query 'QUERY' [TARGET…] [flags]"
  static override flags = queryFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Query)
    const [word, ...given] = parsed.argv as string[]
    const {flags, targets} = await this.inScope(parsed.flags, given)
    const {config, warnings} = await loadConfig(this.places.config)
    // a scope has told them
    if (flags.scope === undefined) for (const warning of warnings) await this.notice(warning)
    if (flags.list) return this.#list(config)
    const now = this.clock.now()
    const {query, words, window, out, ...limits} = await askedFrom({word, given, targets}, flags, config, now)
    if (out !== null) await mayWriteReport(out.file)

    const all = await this.aws(flags)
    const [{openQuery}, {queryScreen, estimateText}, {totalCalls}] = await Promise.all([
      import('../services/insights/open-query.ts'),
      import('../ui/query-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    this.whileSilent(() => ({doing: 'listing', ...totalCalls(all)}))
    const onNotice = (notice: string): void => void this.notice(notice)
    const options = {...limits, query, start: window.start, end: window.end ?? now, now, onNotice}
    const opened = await openQuery(all, words, options, this.signal)
    const display = await timeDisplay(flags, window, now)
    const screen = queryScreen({...display, query, opened, json: flags.json, csv: flags.csv})
    for (const notice of opened.notices) await this.notice(notice)
    if (flags.explain) return this.write(screen.plan(this.terminal))

    await this.status(screen.header)
    await this.mayCost(opened.costToAllow, () => estimateText(opened), flags)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.querying(this.clock.now(), totalCalls(all).throttles))
    const answer = await opened.run()
    this.exitWith(...opened.verdicts())
    if (out === null) return this.write(screen.answer(answer, this.terminal))
    await this.keepReport(out.file, screen.kept(answer, out.format))
  }

  async #list(config: Config): Promise<void> {
    const [{namedQueries}, {queryList, queryListJson}] = await Promise.all([
      import('../services/insights/saved-query.ts'),
      import('../ui/query-list.ts'),
    ])
    const named = namedQueries(config)
    await this.write(this.json ? queryListJson(named) : queryList(named, this.terminal))
  }
}
