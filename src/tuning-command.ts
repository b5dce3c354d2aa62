import {ChangeCommand} from './change-command.ts'
import {usageError} from './errors.ts'
import type {ChangeFlags} from './flags/change.ts'
import type {GlobalFlags} from './flags/global.ts'
import type {TuneCommandOptions} from './flags/tune.ts'
import type {Aws} from './services/aws/connect.ts'
import type {AppliedWinner} from './services/tuning/apply/open-apply.ts'
import type {OpenedTune, OpenTuneOptions} from './services/tuning/open-tune.ts'
import type {TunePlan} from './services/tuning/tune-plan.ts'
import type {TuneReport} from './services/tuning/tune-report.ts'
import type {TuneStep} from './services/tuning/tune-steps.ts'
import type {TuneScreen} from './ui/tune-screen.ts'

/** Who sets winners, as an ARN or null where nobody knows, and what answers for being asked. */
type Applying = ChangeFlags & {readonly caller: string | null}

/** how long removing what was made may take, whatever AWS does: a deletion is refused while a snapshot is under way */
const undoMs = 180_000

/** What `tune` does beside asking and answering: the run as it is seen, setting the winner, cleaning up after a crash. */
export abstract class TuningCommand extends ChangeCommand {
  /** Shows on a terminal that AWS is being read, from when that takes longer than a second. @param what as in "listing functions" */
  protected async showReading(all: readonly Aws[], what: string): Promise<void> {
    const {totalCalls} = await import('./services/aws/total-calls.ts')
    this.whileSilent(() => ({doing: 'listing', what, ...totalCalls(all)}))
  }

  /** Tunes, shown as it goes on; whatever was made is removed before this returns, Ctrl-C or not. */
  protected async tuneAll(opened: OpenedTune, screen: TuneScreen): Promise<readonly TuneReport[]> {
    const {plans, removes} = opened
    let current: TunePlan | null = plans[0] !== undefined && removes !== null ? {...plans[0], runId: removes} : null
    const show = await this.#showing(opened, screen)
    const letGo = this.holdOn(() => (current === null ? '' : screen.leftBehind(current, this.errorTerminal)))
    try {
      for await (const step of opened.run({undoSignal: () => AbortSignal.timeout(undoMs)})) {
        if (step.kind === 'begun') current = step.plan
        show.take(step)
      }
    } finally {
      show.stop()
      letGo()
    }
    return opened.reports()
  }

  /** Shows steps as they come: in a live table on a terminal, else a line each. */
  async #showing(opened: OpenedTune, screen: TuneScreen): Promise<{take(step: TuneStep): void; stop(): void}> {
    const stream = this.liveStream
    if (stream === null) return {take: step => this.report(screen.line(step, this.errorTerminal)), stop() {}}
    const [{startTuneView}, {tuneProgress}] = await Promise.all([
      import('./ui/tune-view.tsx'),
      import('./ui/tune-view-state.ts'),
    ])
    const tuning = tuneProgress(opened.plans.length, this.clock.now)
    const gone = this.progress.giveWay()
    const view = startTuneView(stream, this.errorTerminal, tuning.state)
    return {
      take: tuning.take,
      stop() {
        view.stop()
        gone()
      },
    }
  }

  /**
   * Gives the answer, and with --apply sets the winners: once it was read, where a person reads it; before, where it is a document
   * or a file that tells what was set.
   */
  protected async conclude(
    aws: Aws,
    reports: readonly TuneReport[],
    screen: TuneScreen,
    {isApplied, out, ...applying}: Applying & Pick<TuneCommandOptions, 'isApplied' | 'out'>,
  ): Promise<void> {
    const applied: AppliedWinner[] = []
    const apply = async (): Promise<void> => {
      if (isApplied) await this.#apply(aws, reports, applying, applied)
    }
    const answer = (): Promise<void> =>
      out === null
        ? this.write(screen.answer(reports, applied, this.terminal))
        : this.keepReport(out.file, screen.kept(reports, applied, out.format))
    if (out === null && !this.json) {
      await answer()
      return apply()
    }
    // what was measured is told even where AWS would not set it
    await apply().finally(answer)
  }

  /**
   * Sets the winner of a run that is over, without measuring again; with --json its document tells what was set.
   * @throws UserError (exit 2) for a run that is not settled
   */
  protected async applySettled(aws: Aws, runId: string, options: OpenTuneOptions, flags: ChangeFlags): Promise<void> {
    const [{readSettledRun}, {callerIdentity}] = await Promise.all([
      import('./services/tuning/apply/settled-run.ts'),
      import('./services/targets/caller-account.ts'),
    ])
    const [report, caller] = await Promise.all([
      readSettledRun(aws, runId, options, this.signal),
      callerIdentity(aws, this.signal),
    ])
    const applied: AppliedWinner[] = []
    const tell = async (): Promise<void> => {
      if (!this.json) return
      const {tuneJson} = await import('./ui/tune-json.ts')
      const scope = {...aws.scope, account: caller.account ?? aws.scope.account}
      await this.write(tuneJson([report], {scope, applied, leftOut: [], visualizationUrl: () => null}))
    }
    await this.#apply(aws, [report], {...flags, caller: caller.arn}, applied).finally(tell)
  }

  /** Sets winners on their functions, after showing what changes. @param applied grows as they are set */
  async #apply(
    aws: Aws,
    reports: readonly TuneReport[],
    {caller, ...flags}: Applying,
    applied: AppliedWinner[],
  ): Promise<void> {
    if (this.signal.aborted) return
    const [{openApply}, {tuneAppliedText, tuneChangeQuestion, tuneChangeText}] = await Promise.all([
      import('./services/tuning/apply/open-apply.ts'),
      import('./ui/tune-apply-text.ts'),
    ])
    const opened = await openApply(aws, reports, this.signal)
    for (const notice of opened.notices) await this.notice(notice)
    this.exitWith(...opened.verdicts)
    const {changing} = opened
    if (changing.length === 0) return
    await this.status(terminal => tuneChangeText(changing, {terminal, caller, isDryRun: flags['dry-run']}))
    if (!(await this.mayChange(tuneChangeQuestion(changing), flags))) return
    for await (const set of opened.run()) {
      applied.push(set)
      await this.status(terminal => tuneAppliedText(set, terminal))
    }
  }

  /** Removes what runs have left, after showing it. */
  protected async cleanUp(flags: GlobalFlags & ChangeFlags, runIds: readonly string[]): Promise<void> {
    const aws = await this.oneAws(flags)
    const [{openCleanup}, {tuneCleanupScreen}] = await Promise.all([
      import('./services/tuning/undo/open-cleanup.ts'),
      import('./ui/tune-cleanup-screen.ts'),
    ])
    const startedAt = this.clock.now()
    await this.showReading([aws], 'looking for what runs have left')
    const opened = await openCleanup(aws, {directory: this.journals, runIds}, this.signal)
    const {scope, caller, found, leftAlone} = opened
    const screen = tuneCleanupScreen({json: flags.json, scope, caller, leftAlone, startedAt, now: this.clock.now})
    for (const notice of opened.notices) await this.notice(notice)
    if (flags['dry-run']) {
      this.exitWith(...opened.verdicts([]))
      return this.write(screen.planned(found, this.terminal))
    }
    if (found.length > 0) {
      await this.status(terminal => screen.leftovers(found, terminal))
      await this.mayChange('Remove and restore this?', flags)
    }
    const letGo = this.holdOn(() => screen.leftUncleaned(runIds, this.errorTerminal))
    try {
      const cleaned = await opened.run(AbortSignal.timeout(undoMs * Math.max(1, found.length)))
      this.exitWith(...opened.verdicts(cleaned))
      await this.write(screen.cleaned(cleaned, this.terminal))
    } finally {
      letGo()
    }
  }

  /** Where journals of runs are. */
  protected get journals(): string {
    const {journals} = this.places
    if (journals === null) throw usageError('there is no place for the journal of a run', 'set HOME or XDG_STATE_HOME')
    return `${journals}/tune`
  }
}
