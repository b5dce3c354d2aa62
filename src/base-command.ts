import {Command} from '@oclif/core/command'
import type {Input, ParserOutput} from '@oclif/core/interfaces'
import {sandboxSettings, userPlaces, wantsSandbox} from './environment.ts'
import {ExitCode, mostSerious, UserError} from './errors.ts'
import type {CostFlags} from './flags/cost.ts'
import {type GlobalFlags, globalFlags, globalFlagsIn} from './flags/global.ts'
import type {InScope} from './flags/scope.ts'
import {createOutput, type Output, outputFailure, unblock} from './output.ts'
import {createProgress} from './progress.ts'
import {sandboxClock} from './sandbox-clock.ts'
import type {OwnScreen} from './screen.ts'
import type {Aws} from './services/aws/connect.ts'
import {type Clock, clockFrom} from './services/clock.ts'
import {createStop, onStopSignals} from './stop.ts'
import {inertJson} from './ui/printable.ts'
import type {ReadingState} from './ui/reading.tsx'
import {type Terminal, terminalOf} from './ui/terminal.ts'

type Values = Record<string, unknown>

// what stops work at AWS has half a second, and a receipt is to follow
const graceMs = 800

/**
 * The process edge: flags that all commands share, signals, closed pipes, the clock, output, and errors turned into
 * exit codes. Nothing else in slsops touches `process`.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags

  readonly #stop = createStop()
  readonly #cleanups: (() => unknown)[] = []
  readonly #exits = new Set<ExitCode>()
  #flags: GlobalFlags = {sandbox: false, json: false, 'allow-partial': false, color: 'auto', 'no-color': false}
  #clock: Clock = clockFrom(() => Date.now())
  #out: Output = createOutput(process.stdout, this.#stop.closed, this.#stop.signal)
  #atEnd: (() => unknown) | undefined
  /** why nothing more can be written, when it is not that nobody reads */
  #outputError: NodeJS.ErrnoException | null = null
  protected readonly progress = createProgress(process.stderr)

  /** Aborts on Ctrl-C, SIGTERM, SIGHUP and when nobody reads stdout any more. */
  protected get signal(): AbortSignal {
    return this.#stop.signal
  }

  protected get clock(): Clock {
    return this.#clock
  }

  protected get json(): boolean {
    return this.#flags.json
  }

  /** What stdout can show. */
  protected get terminal(): Terminal {
    return this.#terminalOf(process.stdout)
  }

  /** What stderr can show. */
  protected get errorTerminal(): Terminal {
    return this.#terminalOf(process.stderr)
  }

  /** What stands on standard input, a megabyte at most; null where that is a terminal and nobody asked for it. */
  protected async input(isAsked: boolean): Promise<string | null> {
    if (process.stdin.isTTY && !isAsked) return null
    return (await import('./read-input.ts')).readInput(process.stdin, this.signal)
  }

  /**
   * The terminal, for a view to take over.
   * @throws UserError (exit 2) where there is none
   */
  protected async screen(flag: string): Promise<OwnScreen> {
    const {ownScreen} = await import('./screen.ts')
    const screen = ownScreen(process, flag, {
      signal: this.signal,
      interrupt: this.#onSignal,
      isDumb: process.env['TERM'] === 'dumb',
    })
    this.onCleanup(() => screen.close())
    return screen
  }

  /** Puts a piece of the answer on stdout, or all of it piece by piece. */
  protected async write(text: string | Iterable<string>): Promise<void> {
    this.endSilence()
    const isInert = this.json && process.stdout.isTTY
    for (const piece of typeof text === 'string' ? [text] : text) {
      if (this.#stop.closed.aborted) return
      await this.#out.write(isInert ? inertJson(piece) : piece)
    }
  }

  /**
   * A file to write a copy of the answer to, readable by its owner only; it is finished when the command ends.
   * @throws UserError where it cannot be written
   */
  protected async fileOutput(path: string): Promise<Output> {
    const file = await (await import('./file-output.ts')).openFileOutput(path, this.#stop.signal)
    this.onCleanup(() => file.close())
    return file
  }

  /**
   * Keeps a report in a file that its owner alone may read, and says so.
   * @throws UserError where it cannot be written
   */
  protected async keepReport(path: string, text: string | Iterable<string>): Promise<void> {
    await (await import('./services/report-file.ts')).writeReport(path, text)
    await this.notice(`written to ${path}`)
  }

  /** Resolves when everything written so far is on its way. */
  protected flush(): Promise<void> {
    return this.#out.flush()
  }

  /** Says something on stderr that is not the answer: in words, or as `slsops/notice@1` with --json. */
  protected async notice(message: string): Promise<void> {
    const {noticeJson} = await import('./ui/json-lines.ts')
    const {noticeText} = await import('./ui/notice-text.ts')
    this.report(this.json ? noticeJson(message) : noticeText(message, this.errorTerminal))
  }

  /** Puts text on stderr that was drawn for it; with --json as a notice. */
  protected async status(draw: (terminal: Terminal) => string): Promise<void> {
    const text = draw(this.errorTerminal)
    if (this.json) await this.notice(text)
    else this.report(text)
  }

  /** Puts a piece of JSON or drawn text on stderr as it is. */
  protected report(text: string): void {
    this.endSilence()
    if (text !== '') process.stderr.write(this.json && process.stderr.isTTY ? inertJson(text) : text)
  }

  /** What the command ends with, besides being done; of several the most serious is used. */
  protected exitWith(...codes: readonly ExitCode[]): void {
    for (const code of codes) this.#exits.add(code)
  }

  /** stderr, for a view that is drawn anew; null where that is no terminal that can (a dumb one cannot), and with --json */
  protected get liveStream(): NodeJS.WriteStream | null {
    return !this.json && process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? process.stderr : null
  }

  /**
   * The keyboard of who looks at a live view, for keys that act on what it shows; null where nobody is there to press them. While
   * it is read so Ctrl-C is a key too: `interrupt` is what that does.
   */
  protected get liveKeys(): {readonly stdin: NodeJS.ReadStream; readonly interrupt: () => void} | null {
    return this.liveStream !== null && process.stdin.isTTY ? {stdin: process.stdin, interrupt: this.#onSignal} : null
  }

  /** Shows on a terminal how far a read is, from when nothing has been said for a second until something is. */
  protected whileSilent(state: () => ReadingState): void {
    this.endSilence()
    if (this.liveStream !== null) this.progress.begin(this.errorTerminal, state)
  }

  /** Takes the progress away: something is there to be seen, or there is nothing more to wait for. */
  protected endSilence(): void {
    this.progress.end()
  }

  /** Runs when the command ends in whatever way, before AWS is closed: the receipt. */
  protected atEnd(finish: () => unknown): void {
    this.#atEnd = finish
  }

  /** Runs another command in this one's place; when that one did not end well, this one ends as it did. */
  protected async runOther(id: string, argv: readonly string[]): Promise<void> {
    await this.flush()
    await this.config.runCommand(id, [...argv])
    const code = process.exitCode as ExitCode | undefined
    if (!code) return
    this.exitWith(code)
    this.#stop.now('done')
    this.#stop.signal.throwIfAborted()
  }

  /** Keeps the process, Ctrl-C or not, until what this returns is called: what was made in AWS is to be removed. */
  protected holdOn(lastWords: () => string): () => void {
    return this.#stop.holdOn(lastWords)
  }

  /** Runs after everything, whatever happened: what was asked for first comes last. */
  protected onCleanup(cleanup: () => unknown): void {
    this.#cleanups.unshift(cleanup)
  }

  /** Flags and targets as the command line gives them, and as the scope that it names completes them. */
  protected async inScope<F extends GlobalFlags>(flags: F, targets: readonly string[]): Promise<InScope<F>> {
    if (flags.scope === undefined) return {flags, targets}
    const {withScope} = await import('./flags/scope.ts')
    const {warnings, ...scoped} = await withScope(flags, targets, this.places.config)
    for (const warning of warnings) await this.notice(warning)
    return scoped
  }

  /** The ways to AWS that the flags name: each profile in each region, or the embedded AWS. */
  protected async aws(flags: GlobalFlags): Promise<readonly Aws[]> {
    const {reachAws} = await import('./reach-aws.ts')
    const options = {
      sandbox: this.#inSandbox ? () => this.sandboxSettings() : null,
      userAgent: `slsops/${this.config.version}`,
      clock: this.#clock,
      random: Math.random,
      notice: (message: string) => this.notice(message),
      onCleanup: (cleanup: () => unknown) => this.onCleanup(cleanup),
    }
    return reachAws(flags, options, this.signal)
  }

  get #inSandbox(): boolean {
    return this.#flags.sandbox || wantsSandbox(process.env) || this.id?.split(':')[0] === 'sandbox'
  }

  /** Where the user's config file and caches are, if anywhere. */
  protected readonly places = userPlaces(process.env)

  /**
   * Asks before money is spent, where the flags do not allow it already.
   * @param costUSD as estimated; null where nobody knows
   * @param cheaper what would cost less, where that is not fewer log groups
   * @throws UserError (exit 2) for a refusal, and where nobody can be asked
   */
  protected async mayCost(
    costUSD: number | null,
    estimate: () => string,
    flags: CostFlags,
    cheaper?: string,
  ): Promise<void> {
    if (costUSD === 0) return
    const {costLimitsFrom} = await import('./flags/cost.ts')
    const {mayCost} = await import('./services/cost-limit.ts')
    await mayCost(costUSD, estimate(), costLimitsFrom(flags), question => this.confirm(question), cheaper)
  }

  /** Asks on the terminal, and takes only yes for yes; null where nobody can be asked. */
  protected async confirm(question: string): Promise<boolean | null> {
    if (!process.stdin.isTTY || !process.stderr.isTTY || this.json) return null
    this.endSilence()
    return (await import('./ask-yes-no.ts')).askYesNo(process.stdin, process.stderr, question, this.signal)
  }

  /** How the embedded AWS is to be set up: where its state is, its seed, its clock. */
  protected sandboxSettings(): ReturnType<typeof sandboxSettings> {
    return {...sandboxSettings(process.env, this.#clock.now), sleep: this.#clock.sleep}
  }

  override async init(): Promise<void> {
    await super.init()
    // oclif's own throws where nothing can catch it
    process.stdout.removeAllListeners('error').on('error', this.#onOutputError)
    process.stderr.on('error', () => {})
    // a pipe that blocks would block Ctrl-C too
    for (const stream of [process.stdout, process.stderr]) unblock(stream)
    this.onCleanup(onStopSignals(process, this.#onSignal))
  }

  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    this.#flags = parsed.flags as unknown as GlobalFlags
    if (this.#inSandbox) this.#clock = await sandboxClock(process.env, this.#clock)
    return parsed
  }

  override async catch(error: Error): Promise<void> {
    if (this.#stop.signal.aborted && !this.#outputError) {
      if (this.#stop.why() === 'interrupted') this.exitWith(ExitCode.interrupted)
      return
    }
    const {failureText, toldError} = await import('./told-error.ts')
    const told = toldError(this.#outputError ? outputFailure(this.#outputError) : error, this.id)
    this.exitWith(told instanceof UserError ? told.exitCode : ExitCode.failed)
    const {debug, ...flags} = globalFlagsIn(this.argv)
    this.#flags = {...this.#flags, ...flags}
    this.report(failureText(told, {json: this.json, debug, terminal: this.errorTerminal}))
  }

  override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error)
    await this.#out.flush()
    this.endSilence()
    // one that fails, as a full disk makes it, must not keep the others from being done, and is told of once
    let isTold = error !== undefined
    for (const end of [() => this.#stop.closed.aborted || this.#atEnd?.(), ...this.#cleanups]) {
      try {
        await end()
      } catch (failure) {
        if (!isTold) await this.catch(failure as Error)
        isTold = true
      }
    }
    process.exitCode = this.#exitCode
  }

  get #exitCode(): ExitCode {
    if (this.#stop.closed.aborted && !this.#outputError) return ExitCode.done
    const code = mostSerious(this.#exits)
    return code === ExitCode.partial && this.#flags['allow-partial'] ? ExitCode.done : code
  }

  readonly #onSignal = (): void => {
    const lastWords = this.#stop.lastWords()
    if (this.#stop.signal.aborted) this.#leave(lastWords ?? '')
    // the terminal's own ^C stands where progress is drawn, and goes with it; else what comes is put below it
    const showedProgress = this.progress.isDrawn()
    this.endSilence()
    if (process.stderr.isTTY && !showedProgress) process.stderr.write('\n')
    this.exitWith(ExitCode.interrupted)
    this.#stop.now('interrupted')
    if (lastWords === null) setTimeout(() => this.#leave(), graceMs).unref()
  }

  readonly #onOutputError = (error: NodeJS.ErrnoException): void => {
    this.#outputError = error.code === 'EPIPE' ? null : error
    this.#stop.now('closed')
  }

  #leave(lastWords = ''): never {
    this.report(lastWords)
    process.exit(this.#exitCode)
  }

  #terminalOf(stream: NodeJS.WriteStream): Terminal {
    const {color, 'no-color': noColor, json} = this.#flags
    // with --json, what stderr carries is JSON too
    return terminalOf(stream, process.env, process.platform, noColor || json ? 'never' : color)
  }
}
