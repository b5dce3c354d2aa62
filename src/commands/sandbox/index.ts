import {BaseCommand} from '../../base-command.ts'
import {tourStep, tourTitle, whatToTryNext} from '../../ui/sandbox-text.ts'

const steps = [
  {says: 'The newest of all its log groups, as one stream:', argv: ['--since', '5mins', '--tail', '50']},
  {
    says: 'What failed lately, each invocation with its whole log:',
    argv: ['checkout-api', '--failed', '--since', '5mins', '--limit', '2'],
  },
]

export default class SandboxTour extends BaseCommand {
  static override summary = 'A short tour of the embedded AWS: a company with an incident'
  static override description =
    'Shows the last five minutes of its logs, what failed, and what to try next. No account, no credentials, no network.'
  static override examples = ['<%= config.bin %> sandbox']

  async run(): Promise<void> {
    await this.parse(SandboxTour)
    const terminal = this.terminal
    await this.write(tourTitle(terminal))
    for (const {says, argv} of steps) {
      this.signal.throwIfAborted()
      await this.write(tourStep(says, ['logs', ...argv], terminal))
      await this.flush()
      await this.config.runCommand('logs', [...argv, '--sandbox', '--allow-partial'])
    }
    this.signal.throwIfAborted()
    await this.write(whatToTryNext(terminal))
  }
}
