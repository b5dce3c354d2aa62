import type {Hook} from '@oclif/core/hooks'
import {nearestNames} from './services/targets/nearest-names.ts'

/** `slsops logz`: says so, and names the command that was meant. */
const commandNotFound: Hook.CommandNotFound = async function ({id, config}) {
  const words = id.replaceAll(':', ' ')
  const known = config.commandIDs.map(command => command.replaceAll(':', ' '))
  const [nearest] = nearestNames(words, known, 1)
  const meant = nearest ? `did you mean ${config.bin} ${nearest}?` : `${config.bin} --help lists them`
  this.error(`${words} is no command of ${config.bin}: ${meant}`, {exit: 2})
}

export default commandNotFound
