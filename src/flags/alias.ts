import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import {isAliasName} from '../services/targets/qualifiers.ts'
import {configuredAlias} from './traffic-defaults.ts'

/** The flag that names the alias of functions that are named without one. */
export const aliasFlag = Flags.string({
  helpGroup: 'TARGET',
  helpValue: 'NAME',
  description:
    'the alias of functions that are not named as fn:ALIAS; by default that of the config file, else the only one',
})

/**
 * The alias that a command is about, where its targets name none: that of the flag, else of the config file, else null.
 * @param path of the config file; null where there is no home for one
 * @throws UserError (exit 2) for what can be no alias, and for a config file that is none
 */
export async function aliasFrom(flag: string | undefined, path: string | null): Promise<string | null> {
  if (flag === undefined) return configuredAlias(path)
  const name = flag.trim()
  if (isAliasName(name)) return name
  throw usageError(
    name === '' ? '--alias is empty' : `--alias ${name} is no alias`,
    /^\d+$/.test(name) ? 'a version is named by --to; name an alias, as --alias live' : 'name one, as --alias live',
  )
}
