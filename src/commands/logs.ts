import {BaseCommand} from '../base-command.ts'
import {costLimitsFrom} from '../flags/cost.ts'
import type {GlobalFlags} from '../flags/global.ts'
import {type LogFlags, type LogOptions, logFlags, logOptionsFrom, sinceByDefault} from '../flags/logs.ts'
import {selectionWords, type TimeFlags, timeDisplay, windowFrom} from '../flags/shared.ts'
import {onceRequestLeft} from '../services/first-request.ts'
import type {WatchedReleases} from '../services/logs/markers/watch-releases.ts'
import type {OpenedLogs} from '../services/logs/opened-logs.ts'
import type {SelectionWords} from '../services/targets/parse-target.ts'
import type {TimeWindow} from '../services/time/window.ts'
import {keepNewSpaceSmall} from '../v8-heap.ts'

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
    const parsed = await this.parse(Logs)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const options = await logOptionsFrom(flags)
    const words = selectionWords(targets, flags)
    const {logs, window, now} = await (flags.replay === undefined
      ? this.#open(flags, words, options)
      : this.#replay(flags.replay, flags, words, options))
    const {logScreen} = await import('../ui/log-screen.ts')
    const display = await timeDisplay(flags, window, now)
    const windowText = [flags.replay, display.windowText].filter(Boolean).join(' · ')
    const releases = await this.#watchReleases(flags, logs, window)
    const screen = logScreen({
      ...options,
      ...display,
      windowText,
      json: flags.json,
      raw: flags.raw,
      terminal: this.terminal,
      logs,
      markers: releases?.feed ?? null,
    })

    for (const notice of [...options.notices, ...logs.notices]) await this.notice(notice)
    if (flags.explain) return this.write(screen.plan())
    await this.status(screen.header)
    await this.mayCost(logs.plan?.estimate.costUSD ?? 0, screen.estimate, flags)
    const file = flags.out === undefined ? null : await this.fileOutput(flags.out)
    this.atEnd(async () => {
      const receipt = logs.receipt(this.clock.now(), this.signal)
      this.report(screen.receipt(receipt, this.errorTerminal))
      await file?.write(screen.recordReceipt(receipt))
    })
    this.whileSilent(() => screen.reading(this.clock.now()))
    keepNewSpaceSmall()
    await releases?.ready

    for await (const {items, notices} of logs.steps) {
      if (items.length > 0) await this.write(items.map(screen.draw).join(''))
      else if (logs.tally.answered === logs.tally.groups) this.endSilence()
      await file?.write(items.map(screen.record).join(''))
      for (const notice of notices) await this.notice(notice)
      if (flags.follow) await this.write(screen.drawMarkers(this.clock.now()))
    }
    await this.write(screen.drawMarkers(window.end ?? this.clock.now()))
    this.exitWith(...logs.verdicts())
  }

  /** Deploys and alias moves of the functions shown: for people who look, not for those who pipe. */
  async #watchReleases(
    {json, raw, follow, explain, filter}: LogFlagValues,
    logs: OpenedLogs,
    {start}: TimeWindow,
  ): Promise<WatchedReleases | null> {
    if (!this.terminal.isTTY || json || raw || explain || logs.plan === null) return null
    const {watchReleases} = await import('../services/logs/markers/watch-releases.ts')
    const watched = watchReleases(
      logs.sources,
      {start, follow, seesAll: !logs.isSelective && filter === undefined, clock: this.clock},
      this.signal,
    )
    this.onCleanup(watched.stop)
    return watched
  }

  async #open(flags: LogFlagValues, words: SelectionWords, options: LogOptions): Promise<Opened> {
    const now = this.clock.now()
    const window = await windowFrom(flags, sinceByDefault, now)
    const all = await this.aws(flags)
    const [{openLogs}, {totalCalls}] = await Promise.all([
      import('../services/logs/open-logs.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    this.whileSilent(() => ({doing: 'listing', ...totalCalls(all)}))
    const clock = flags.follow ? (await timeDisplay(flags, window, now)).clock : null
    const timeOfDay = clock ? (at: number): string => clock.time(at).slice(0, 8) : undefined
    const maxUSDPerHour = costLimitsFrom(flags).maxCostUSD
    const read = {...options, ...window, now, follow: flags.follow, random: Math.random, timeOfDay, maxUSDPerHour}
    const opening = openLogs(all, words, read, this.signal)
    // what draws is loaded while AWS is waited for
    const [logs] = await Promise.all([opening, onceRequestLeft().then(() => import('../ui/log-screen.ts'))])
    return {logs, window, now}
  }

  /** In a replay it is as late as when the last event came. */
  async #replay(file: string, flags: LogFlagValues, words: SelectionWords, options: LogOptions): Promise<Opened> {
    const {openRecording} = await import('../services/logs/replay/recording.ts')
    const {openReplay} = await import('../services/logs/replay/open-replay.ts')
    const recording = await openRecording(file, this.signal)
    const {start, end} = recording
    const given = await windowFrom(flags, sinceByDefault, end)
    const window = {start: flags.since === undefined ? start : given.start, end: given.end ?? end}
    const now = this.clock.now()
    const whole = {...options, ...window, now, follow: false}
    return {logs: openReplay(recording, words, whole, this.signal), window, now}
  }
}

/** `now`: from when on the window was counted, which is not when its log groups were found. */
type Opened = {readonly logs: OpenedLogs; readonly window: TimeWindow; readonly now: number}
type LogFlagValues = LogFlags & TimeFlags & GlobalFlags
