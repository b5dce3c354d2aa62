import {BaseCommand} from '../../base-command.ts'

export default class SandboxReset extends BaseCommand {
  static override summary = 'Start the embedded AWS anew: forget what was changed'
  static override examples = ['<%= config.bin %> sandbox reset']

  async run(): Promise<void> {
    const {flags} = await this.parse(SandboxReset)
    const {resetSandbox} = await import('../../sandbox/boot.ts')
    await resetSandbox(this.sandboxSettings())
    await this.write(
      flags.json
        ? '{"schema":"slsops/sandbox-reset@1","done":true}\n'
        : 'the sandbox starts anew at its next use: a new incident, nothing changed yet\n',
    )
  }
}
