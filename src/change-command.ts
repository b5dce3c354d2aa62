import {BaseCommand} from './base-command.ts'
import {usageError} from './errors.ts'
import type {ChangeFlags} from './flags/change.ts'
import type {GlobalFlags} from './flags/global.ts'
import type {Aws} from './services/aws/connect.ts'

/** What the commands share that change AWS: one account and region, and nothing is done that was not shown and agreed to. */
export abstract class ChangeCommand extends BaseCommand {
  #mayHaveChanged = false

  /** Whoever stops it before anything was agreed to is told that all is as it was. */
  override async catch(error: Error): Promise<void> {
    await super.catch(error)
    if (this.signal.aborted && !this.#mayHaveChanged) await this.notice('stopped: nothing was made or changed')
  }

  /**
   * The one way to AWS that the flags name.
   * @throws UserError (exit 2) where they name several: what is changed is in one account and region
   */
  protected async oneAws(flags: GlobalFlags): Promise<Aws> {
    const [aws, ...others] = await this.aws(flags)
    if (aws === undefined || others.length > 0)
      throw usageError(
        `${this.id ?? 'this'} changes AWS, in one account and region at a time`,
        'name one --profile and one --region',
      )
    return aws
  }

  /**
   * Asks before AWS is changed; what would be done has been shown.
   * @returns false with --dry-run, which shows it and no more
   * @throws UserError (exit 2) for a refusal, and where nobody can be asked
   */
  protected async mayChange(question: string, flags: ChangeFlags): Promise<boolean> {
    if (flags['dry-run']) return false
    if (flags.yes) return this.#agreed()
    const answer = await this.confirm(question)
    if (answer === null)
      throw usageError('nothing was changed: nobody is there to be asked', 'look at it with --dry-run, then say --yes')
    if (!answer) throw usageError('nothing was changed: it was refused')
    return this.#agreed()
  }

  #agreed(): true {
    this.#mayHaveChanged = true
    return true
  }
}
