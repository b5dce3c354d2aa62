import {BaseCommand} from '../../base-command.ts'
import {usageError} from '../../errors.ts'
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
    'Shows the newest of its logs, what failed, and what to try next. No account, no credentials, no network.'
  static override examples = ['<%= config.bin %> sandbox']

  async run(): Promise<void> {
    const {flags} = await this.parse(SandboxTour)
    if (flags.json) throw usageError('a tour is for people: it has no JSON', 'slsops logs --sandbox --json prints JSON')
    const {terminal} = this
    const passedOn = [
      '--sandbox',
      '--allow-partial',
      '--color',
      flags['no-color'] ? 'never' : flags.color,
      ...(flags.debug ? ['--debug'] : []),
    ]
    await this.write(tourTitle(terminal))
    for (const {says, argv} of steps) {
      this.signal.throwIfAborted()
      await this.write(tourStep(says, ['logs', ...argv], terminal))
      await this.runOther('logs', [...argv, ...passedOn])
    }
    this.signal.throwIfAborted()
    await this.write(whatToTryNext(terminal))
  }
}
