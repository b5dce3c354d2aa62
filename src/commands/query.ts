import {BaseCommand} from '../base-command.ts'
import {usageError} from '../errors.ts'
import {costLimitsFrom} from '../flags/cost.ts'
import {outFormat, queryFlags, querySinceByDefault} from '../flags/query.ts'
import {timeDisplay, windowFrom} from '../flags/shared.ts'
import {loadConfig} from '../services/config.ts'

export default class Query extends BaseCommand {
  static override summary = 'Run a Logs Insights query over any number of log groups'
  static override description =
    'QUERY is in CloudWatch Logs Insights’ language, or the name of a saved query. Without TARGET, it reads the logs of every function of the region. What takes several queries is split, run in parallel and put together.'
  static override examples = [
    `<%= config.bin %> query 'filter @message like /timeout/ | stats count(*) by bin(5m)'`,
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
    const [{config, warnings}, {namedQueries, queryNamed}] = await Promise.all([
      loadConfig(this.configPath),
      import('../services/insights/saved-query.ts'),
    ])
    // a scope has told them
    if (flags.scope === undefined) for (const warning of warnings) await this.notice(warning)
    if (flags.list) {
      const {queryList, queryListJson} = await import('../ui/query-list.ts')
      const named = namedQueries(config)
      return this.write(flags.json ? queryListJson(named) : queryList(named, this.terminal))
    }
    if (word === undefined)
      throw usageError('there is no query', "give one: slsops query 'stats count(*) by @log', or a name of --list")
    const saved = queryNamed(word, config)
    const {maxCostUSD} = costLimitsFrom(flags)
    const fileFormat = outFormat(flags.out)
    const now = this.clock.now()
    const window = await windowFrom(
      {...flags, since: flags.since ?? saved.since ?? undefined},
      querySinceByDefault,
      now,
    )
    const isPointed = given.length > 0 || flags.stack || flags.tag || flags['log-group']
    const words = {
      targets: isPointed ? given : saved.targets,
      targetsElse: targets,
      stack: flags.stack,
      tags: flags.tag,
      logGroups: flags['log-group'],
    }

    const all = await this.aws(flags)
    const [{openQuery}, {queryScreen, estimateText}, {totalCalls}] = await Promise.all([
      import('../services/insights/open-query.ts'),
      import('../ui/query-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    this.whileSilent(() => ({doing: 'listing', ...totalCalls(all)}))
    const onNotice = (notice: string): void => void this.notice(notice)
    const ends = {start: window.start, end: window.end ?? now, now}
    const options = {query: saved.query, ...ends, limit: flags.limit ?? null, maxCostUSD, onNotice}
    const opened = await openQuery(all, words, options, this.signal)
    const display = await timeDisplay(flags, window, now)
    const screen = queryScreen({...display, query: saved.query, opened, json: flags.json})
    for (const notice of opened.notices) await this.notice(notice)
    if (flags.explain) return this.write(screen.plan())

    await this.status(screen.header)
    await this.mayCost(opened.estimate.costUSD, () => estimateText(opened.estimate), flags)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now(), this.signal), this.errorTerminal)))
    this.whileSilent(() => screen.querying(this.clock.now(), totalCalls(all).throttles))
    const answer = await opened.run()
    this.exitWith(...opened.verdicts())
    if (flags.out !== undefined && fileFormat !== null) {
      const {writeReport} = await import('../services/report-file.ts')
      await writeReport(flags.out, screen.answer(answer, fileFormat, this.terminal))
      await this.notice(`written to ${flags.out}`)
      return
    }
    await this.write(screen.answer(answer, flags.json ? 'json' : flags.csv ? 'csv' : 'text', this.terminal))
  }
}
