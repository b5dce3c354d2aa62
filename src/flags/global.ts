import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'

const group = 'GLOBAL'

/** Flags that every command takes. */
export const globalFlags = {
  profile: Flags.string({
    helpGroup: group,
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    description: 'profile of the shared AWS configuration; several are read as one',
  }),
  region: Flags.string({
    char: 'r',
    helpGroup: group,
    helpValue: 'REGION',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    description: 'AWS region; several, or all that are enabled, are read as one',
  }),
  scope: Flags.string({
    helpGroup: group,
    helpValue: 'NAME',
    description: 'profiles, regions and targets that the config file keeps under this name',
  }),
  sandbox: Flags.boolean({
    helpGroup: group,
    description: 'use the embedded AWS instead of an account (also SLSOPS_SANDBOX=1)',
  }),
  json: Flags.boolean({helpGroup: group, description: 'print JSON, and JSON lines on stderr'}),
  'allow-partial': Flags.boolean({helpGroup: group, description: 'exit 0 although something could not be read'}),
  color: Flags.option({options: ['auto', 'always', 'never'] as const, default: 'auto' as const})({
    helpGroup: group,
    description: 'colour; NO_COLOR is honoured',
  }),
  'no-color': Flags.boolean({helpGroup: group, description: 'as --color never'}),
  debug: Flags.boolean({helpGroup: group, description: 'show AWS request ids and stack traces with errors'}),
}

export type GlobalFlags = {
  readonly profile?: readonly string[] | undefined
  readonly region?: readonly string[] | undefined
  readonly scope?: string | undefined
  readonly sandbox: boolean
  readonly json: boolean
  readonly 'allow-partial': boolean
  readonly color: 'auto' | 'always' | 'never'
  readonly 'no-color': boolean
}

/**
 * The values of a flag that may be given several times, each once.
 * @throws UserError (exit 2) for an empty value
 */
export function several(values: readonly string[] | undefined, flag: string): readonly string[] {
  const trimmed = (values ?? []).map(value => value.trim())
  if (trimmed.includes(''))
    throw usageError(`${flag} is empty`, `name one, as in ${flag} ${flag === '--region' ? 'eu-west-1' : 'prod'}`)
  return [...new Set(trimmed)]
}

/**
 * The regions that `--region` names; null where the configuration decides.
 * @throws UserError (exit 2) for an empty one, and for `all` among others
 */
export function regionsFrom(values: readonly string[] | undefined): readonly string[] | 'all' | null {
  const regions = several(values, '--region')
  if (regions.length === 0) return null
  if (!regions.some(region => region.toLowerCase() === 'all')) return regions
  if (regions.length > 1) throw usageError('--region all stands for every region', 'leave the others out')
  return 'all'
}

/** The global flags that shape an error message, from words that could not be parsed. */
export function globalFlagsIn(
  words: readonly string[],
): Pick<GlobalFlags, 'json' | 'color' | 'no-color'> & {readonly debug: boolean} {
  const before = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
  const color = before
    .findLast((word, i) => word.startsWith('--color=') || before[i - 1] === '--color')
    ?.replace('--color=', '')
  return {
    json: before.includes('--json'),
    debug: before.includes('--debug'),
    'no-color': before.includes('--no-color'),
    color: color === 'always' || color === 'never' ? color : 'auto',
  }
}
