import {usageError} from '../errors.ts'
import {selectionWords, timeDisplay} from '../flags/shared.ts'
import {keptIn, shiftFlags} from '../flags/shift.ts'
import {resumedFrom, shiftWishFrom} from '../flags/shift-wish.ts'
import {mayWriteReport} from '../services/report-file.ts'
import {TrafficCommand} from '../traffic-command.ts'

export default class Shift extends TrafficCommand {
  static override summary = 'Bring a version in by steps, and take it out by itself when it hurts'
  static override description =
    'Moves an alias to another version: some of the traffic first, then more, and all of it when the new version has shown that it fails no more than the one that it replaces. Where it hurts, an alarm goes off or somebody presses Ctrl-C, all traffic goes back. Several functions move together, step by step; if one must go back, all do. What will be done is shown first; every change is written down before it is made, so that a run that was killed can be gone on with (--resume) or undone (slsops rollback).'
  static override examples = [
    '<%= config.bin %> shift checkout-api --to latest --canary 10%/5m',
    '<%= config.bin %> shift checkout-api:live --to 42 --linear 10%/1m --alarm checkout-5xx --note pay-v42',
    '<%= config.bin %> shift --stack shop --to-file versions.json --canary 5%/10m --dead-man 15m',
    '<%= config.bin %> shift checkout-api --to 42 --weight 10%',
    '<%= config.bin %> shift checkout-api --to 42 --canary 10%/10m --hand-over codedeploy --alarm checkout-5xx',
    '<%= config.bin %> shift --resume',
  ]
  static override strict = false
  static override usage = ['shift TARGET… --to VERSION|latest [flags]', 'shift --resume [RUN] [flags]']
  static override flags = shiftFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Shift)
    const words = parsed.argv as string[]
    if (parsed.flags['allow-partial'])
      throw usageError(
        '--allow-partial does not go with shift: its exit 3 says that traffic is held where it is',
        'leave it out; --on-inconclusive says what becomes of a shift without enough evidence',
      )
    const {flags, targets} = parsed.flags.resume
      ? {flags: parsed.flags, targets: []}
      : await this.inScope(parsed.flags, words)
    const out = keptIn(flags)
    if (out !== null) await mayWriteReport(out.file)
    const resumed = flags.resume ? resumedFrom(flags, words) : null
    const wish = resumed === null ? await shiftWishFrom(flags, this.places.config) : null
    const aws = await this.oneAws(flags)
    const [{openShift}, {resumeShift}, {shiftScreen}] = await Promise.all([
      import('../services/traffic/plan/open-shift.ts'),
      import('../services/traffic/shift/resume-shift.ts'),
      import('../ui/shift-screen.ts'),
    ])
    await this.showReading(aws, 'reading what the aliases serve')
    const {journals} = this
    const opened =
      wish === null
        ? await resumeShift(aws, resumed ?? true, journals, this.signal)
        : await openShift(aws, selectionWords(targets, flags), {...wish, journals}, this.signal)
    const {plan, leftOut, notices} = opened
    const now = this.clock.now()
    const {clock} = await timeDisplay(flags, {start: now, end: now}, now)
    const [endpoint = null] = aws.foreignOrigins
    const screen = shiftScreen({json: flags.json, leftOut, clock, now: this.clock.now, endpoint})
    for (const notice of notices) await this.notice(notice)
    if (plan.members.length === 0 && !flags.json) return
    if (flags['dry-run'] || plan.members.length === 0) return this.write(screen.planned(plan, this.terminal))
    await this.status(terminal => screen.plan(plan, terminal))
    if (!(await this.mayChange(screen.question(plan, this.errorTerminal), flags))) return

    const report = await this.shift(opened, screen)
    if (report === null) return
    this.exitWith(...opened.verdicts(report))
    if (out !== null) await this.keepReport(out.file, screen.kept(report, out.format))
    await this.write(screen.answer(report, this.terminal))
  }
}
