import {aliasFrom} from '../flags/alias.ts'
import {rollbackFlags} from '../flags/rollback.ts'
import {selectionWords, timeDisplay} from '../flags/shared.ts'
import {earlierVersionFrom} from '../flags/versions.ts'
import type {Calls} from '../services/aws/total-calls.ts'
import type {OpenedRollback} from '../services/traffic/rollback/open-rollback.ts'
import {TrafficCommand, undoMs} from '../traffic-command.ts'
import type {RollbackScreen} from '../ui/rollback-screen.ts'

export default class Rollback extends TrafficCommand {
  static override summary = 'Give an alias back to the version that served before, in one call'
  static override description =
    'Without --to: while a shift is under way, all traffic goes back to the version it came from, and whoever shifts stops; a CodeDeploy deployment in progress is stopped with its own rollback; otherwise the version that served before, on evidence of journals, CodeDeploy and metrics per version, which is shown first. Without evidence it refuses and lists the candidates; it never guesses by version number. Metrics are not waited for while a shift is under way or with --to. The last line is what AWS itself then reports.'
  static override examples = [
    '<%= config.bin %> rollback checkout-api',
    '<%= config.bin %> rollback checkout-api:live --to 41 --yes',
    "<%= config.bin %> rollback 'shop-*' --alias live --dry-run",
    '<%= config.bin %> rollback --stack shop --yes --json',
  ]
  static override strict = false
  static override usage = 'rollback TARGET… [flags]'
  static override flags = rollbackFlags

  async run(): Promise<void> {
    const parsed = await this.parse(Rollback)
    const {flags, targets} = await this.inScope(parsed.flags, parsed.argv as string[])
    const to = earlierVersionFrom(flags.to)
    const {journals} = this
    const aws = await this.oneAws(flags)
    const [{openRollback}, {patienceMs}, {rollbackScreen}, {totalCalls}] = await Promise.all([
      import('../services/traffic/rollback/open-rollback.ts'),
      import('../services/traffic/rollback/in-time.ts'),
      import('../ui/rollback-screen.ts'),
      import('../services/aws/total-calls.ts'),
    ])
    await this.showReading(aws, 'looking at what is to go back')
    const wish = {
      alias: await aliasFrom(flags.alias, this.places.config),
      to,
      force: flags.force,
      note: flags.note ?? null,
      journals,
      patience: () => AbortSignal.timeout(patienceMs),
    }
    const opened = await openRollback(aws, selectionWords(targets, flags), wish, this.signal)
    const now = this.clock.now()
    const {clock} = await timeDisplay(flags, {start: now, end: now}, now)
    const [endpoint = null] = aws.foreignOrigins
    const screen = rollbackScreen({plan: opened.plan, json: flags.json, clock, now: this.clock.now, endpoint})
    for (const notice of opened.notices) await this.notice(notice)
    if (flags['dry-run']) {
      this.exitWith(...opened.verdicts())
      return this.write(screen.planned(this.terminal))
    }
    await this.status(screen.plan)
    const isNothingToChange = opened.plan.members.every(({isThere}) => isThere)
    if (!isNothingToChange && !(await this.mayChange(screen.question(), flags))) return
    await this.#rollBack(opened, screen, () => totalCalls([aws]))
  }

  async #rollBack(opened: OpenedRollback, screen: RollbackScreen, calls: () => Calls): Promise<void> {
    const left = new Set(opened.plan.members)
    const total = left.size
    let waitsFor: string | null = null
    this.whileSilent(() => {
      const {calls: made, throttles} = calls()
      // of one, what takes long says more than that it is not done
      if (waitsFor !== null && total === 1) return {doing: 'listing', what: waitsFor, calls: made, throttles}
      const done = total - left.size
      return {doing: 'sweeping', what: 'aliases written and read back', done, total, throttles, remainingMs: null}
    })
    const letGo = this.holdOn(() => screen.leftUndone([...left], this.errorTerminal))
    try {
      const outcomes = opened.run({
        undoSignal: () => AbortSignal.timeout(undoMs),
        doing: what => {
          waitsFor = what
          if (this.liveStream === null) void this.notice(what)
        },
      })
      for await (const {member} of outcomes) left.delete(member)
    } finally {
      letGo()
      this.endSilence()
    }
    for (const said of opened.closing()) await this.notice(said)
    this.exitWith(...opened.verdicts())
    await this.write(screen.answer(opened.report(), this.terminal))
  }
}
