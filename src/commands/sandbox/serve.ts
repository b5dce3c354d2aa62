import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../base-command.ts'
import {UserError} from '../../errors.ts'
import {servedText} from '../../ui/sandbox-text.ts'

export default class SandboxServe extends BaseCommand {
  static override summary = 'Keep the embedded AWS up for other clients'
  static override description = 'Prints the environment to use, then answers on loopback until stopped.'
  static override examples = [
    '<%= config.bin %> sandbox serve',
    '<%= config.bin %> sandbox serve --port 4500 --scale 1000',
    'aws --endpoint-url http://127.0.0.1:4500 lambda list-functions',
  ]
  static override flags = {
    port: Flags.integer({min: 0, max: 65_535, default: 4500, description: 'port on 127.0.0.1; 0 takes a free one'}),
    scale: Flags.integer({min: 1, max: 1_000_000, helpValue: 'N', description: 'have N functions'}),
    quotas: Flags.boolean({description: "refuse calls beyond AWS's quotas, as AWS does"}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(SandboxServe)
    const {bootSandbox} = await import('../../sandbox/boot.ts')
    const sandbox = await bootSandbox({
      ...this.sandboxSettings(),
      port: flags.port,
      scale: flags.scale,
      quotas: flags.quotas,
    }).catch(error => {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      throw new UserError(`port ${flags.port} is taken`, {
        code: 'PortTaken',
        hint: 'choose another with --port, or --port 0 for any free one',
      })
    })
    this.onCleanup(sandbox.close)
    for (const notice of sandbox.notices) await this.notice(notice)
    await this.write(servedText(sandbox, flags.json))
    await this.notice('answering on loopback until Ctrl-C')
    // a timer keeps the process up; a promise alone would not
    for (;;) await this.clock.sleep(2 ** 30, this.signal)
  }
}
