import type {Command} from '@oclif/core/command'
import {Help} from '@oclif/core/help'

/** Commands by what a person is up to; those that are not named here come last. */
const groups: readonly (readonly [title: string, ids: readonly string[]])[] = [
  ['ON CALL', ['triage', 'logs', 'errors', 'trace', 'traces', 'query', 'map']],
  ['CHANGE', ['releases', 'shift', 'rollback', 'tune']],
  ['FLEET', ['functions', 'coldstarts', 'unused', 'cost']],
  ['SETUP', ['doctor', 'sandbox', 'autocomplete', 'help']],
]

const named = new Set(groups.flatMap(([, ids]) => ids))

/** oclif's help, with the commands of the first page grouped. */
export default class GroupedHelp extends Help {
  protected override async showRootHelp(): Promise<void> {
    const commands = this.sortedCommands.filter(({id}) => id && !id.includes(':'))
    const others = commands.filter(({id}) => !named.has(id))
    this.log(`${this.formatRoot()}\n`)
    for (const [title, ids] of [...groups, ['MORE', others.map(({id}) => id)] as const]) {
      const listed = ids.flatMap(id => commands.find(command => command.id === id) ?? [])
      if (listed.length > 0) this.log(`${this.section(title, this.listOf(listed))}\n`)
    }
    this.log(
      `${this.config.bin} COMMAND --help tells more, with examples; --sandbox tries any of them without an account.`,
    )
  }

  private listOf(commands: readonly Command.Loadable[]): string {
    return this.renderList(
      commands.map(command => [command.id, this.summary(command)]),
      {indentation: 2, spacer: '\n', stripAnsi: this.opts.stripAnsi ?? false},
    )
  }
}
