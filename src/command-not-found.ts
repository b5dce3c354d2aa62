import type {Hook} from '@oclif/core/hooks'
import {BaseCommand} from './base-command.ts'
import {usageError} from './errors.ts'
import {nearestNames} from './services/targets/nearest-names.ts'

/** `slsops logz`: says so as every command says what is wrong, and names the command that was meant. */
class UnknownCommand extends BaseCommand {
  async run(): Promise<void> {
    const {bin, commandIDs} = this.config
    const words = this.argv[0]?.replaceAll(':', ' ') ?? ''
    const known = commandIDs.map(command => command.replaceAll(':', ' '))
    const [nearest] = nearestNames(words, known, 1)
    throw usageError(
      `${words} is no command of ${bin}`,
      nearest ? `did you mean ${bin} ${nearest}?` : `${bin} --help lists them`,
    )
  }
}

const commandNotFound: Hook.CommandNotFound = async ({id, argv = [], config}) => {
  await UnknownCommand.run([id, ...argv], config)
}

export default commandNotFound
