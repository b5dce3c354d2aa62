import {ChangeCommand} from './change-command.ts'
import {usageError} from './errors.ts'
import type {Aws} from './services/aws/connect.ts'
import type {OpenedShift} from './services/traffic/plan/open-shift.ts'
import type {Control, ShiftReport, ShiftStep} from './services/traffic/shift/shift-steps.ts'
import type {ShiftScreen} from './ui/shift-screen.ts'
import {keepHeapSmall} from './v8-heap.ts'

/** how long going back may take, and being read back, whatever AWS does: provisioned concurrency alone takes minutes */
export const undoMs = 20 * 60_000

/** What the commands share that move traffic: the journals, and a shift as it is seen. */
export abstract class TrafficCommand extends ChangeCommand {
  /** Shows on a terminal that AWS is being read, from when that takes longer than a second. @param what as in "listing aliases" */
  protected async showReading(aws: Aws, what: string): Promise<void> {
    // it may run for hours, and read what many functions report again and again
    keepHeapSmall()
    const {totalCalls} = await import('./services/aws/total-calls.ts')
    this.whileSilent(() => ({doing: 'listing', what, ...totalCalls([aws])}))
  }

  /** Shifts, shown as it goes on; Ctrl-C brings all back, or holds it, before this returns. */
  protected async shift(opened: OpenedShift, screen: ShiftScreen): Promise<ShiftReport | null> {
    const {plan} = opened
    const controls: Control[] = []
    let report: ShiftReport | null = null
    const show = await this.#showing(screen, control => controls.push(control))
    const letGo = this.holdOn(() => {
      // who presses Ctrl-C again leaves: the last words are not to be drawn over
      if (this.signal.aborted) show.stop()
      return screen.leftBehind(plan, this.errorTerminal)
    })
    try {
      const undoSignal = (): AbortSignal => AbortSignal.timeout(undoMs)
      for await (const step of opened.run({undoSignal, controls: () => controls.splice(0)})) {
        if (step.kind === 'ended') report = step.report
        screen.take(step)
        show.take(step)
      }
    } finally {
      show.stop()
      letGo()
    }
    return report
  }

  /** Shows steps as they come: in a live view on a terminal, whose last frame stays; else a line each. */
  async #showing(
    screen: ShiftScreen,
    onControl: (control: Control) => void,
  ): Promise<{take(step: ShiftStep): void; stop(): void}> {
    const stream = this.liveStream
    if (stream === null) return {take: step => this.report(screen.line(step, this.errorTerminal)), stop() {}}
    const [{startShiftView}, {shiftProgress}] = await Promise.all([
      import('./ui/shift-view.tsx'),
      import('./ui/shift-view-state.ts'),
    ])
    this.endSilence()
    const progress = shiftProgress(this.clock.now)
    const gone = this.progress.giveWay()
    const keys = this.liveKeys
    const view = startShiftView(stream, keys?.stdin ?? null, {
      progress,
      terminal: this.errorTerminal,
      clock: screen.clock,
      onControl,
      onInterrupt() {
        progress.stop()
        keys?.interrupt()
      },
    })
    return {
      take: progress.take,
      stop() {
        view.stop()
        gone()
      },
    }
  }

  /** Where journals of shifts and rollbacks are. */
  protected get journals(): string {
    const {journals} = this.places
    if (journals === null) throw usageError('there is no place for the journal of a run', 'set HOME or XDG_STATE_HOME')
    return `${journals}/shift`
  }
}
