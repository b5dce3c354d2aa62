import {costLimitsFrom} from '../flags/cost.ts'
import {releasesFlags, releasesOptionsFrom, releasesSinceByDefault} from '../flags/releases.ts'
import {selectionWords, timeDisplay, windowFrom} from '../flags/shared.ts'
import {FleetCommand} from '../fleet-command.ts'
import {mayWriteReport} from '../services/report-file.ts'

export default class Releases extends FleetCommand {
  static override summary = 'What each alias serves, how its versions do side by side, and who moved it'
  static override description =
    'Per alias: versions and weights, since when, calls, errors, p95 and cost of each version in the window, who moved it last and why (the journal, the description of the alias, CodeDeploy), a shift under way, provisioned concurrency that is being allocated, what else manages it, and the newest version that waits. Aliases in motion or in trouble come first. It changes nothing.'
  static override examples = [
    '<%= config.bin %> releases',
    '<%= config.bin %> releases checkout-api:live --since 1h',
    "<%= config.bin %> releases 'shop-*' --alias live --region eu-west-1,us-east-1",
    '<%= config.bin %> releases --out releases.csv',
    '<%= config.bin %> releases --json | jq \'.aliases[] | select(.standing != "steady")\'',
  ]
  static override strict = false
  static override usage = 'releases [TARGET…] [flags]'
  static override flags = releasesFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Releases)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const now = this.clock.now()
    const {alias, limit, out} = releasesOptionsFrom(flags)
    // no amount is refused before anything is read
    costLimitsFrom(flags)
    if (out !== null) await mayWriteReport(out.file)
    const {start, end} = await windowFrom(flags, releasesSinceByDefault, now)

    const all = await this.aws(flags)
    const [{openReleases}, {releasesScreen}, {totalCalls}] = await Promise.all([
      import('../services/traffic/releases/open-releases.ts'),
      import('../ui/releases-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    const {window, listing} = await this.beginScan(all, flags, {start, end: end ?? now})
    const {journals} = this.places
    const options = {window, now, alias, listing, journals: journals === null ? null : `${journals}/shift`}
    const opened = await openReleases(all, selectionWords(targets, flags), options, this.signal)
    const display = await timeDisplay(flags, window, now)
    const screen = releasesScreen({...display, opened, limit, now, json: flags.json})
    const showProgress = (): void => this.whileSilent(() => screen.reading(this.clock.now(), totalCalls(all).throttles))
    for (const notice of opened.notices) await this.notice(notice)
    await this.status(screen.header)
    await this.mayScan(opened.plan, flags)
    this.atEnd(() => this.report(screen.receipt(opened.receipt(this.clock.now()), this.errorTerminal)))
    showProgress()
    await this.mayScan(await opened.look(), flags)
    showProgress()

    const report = await opened.read()
    this.exitWith(...opened.verdicts())
    if (out === null) return this.write(screen.answer(report, this.terminal))
    await this.keepReport(out.file, screen.kept(report, out.format))
  }
}
