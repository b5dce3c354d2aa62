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
    description: 'profile of the shared AWS configuration',
  }),
  region: Flags.string({
    char: 'r',
    helpGroup: group,
    helpValue: 'REGION',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    description: 'AWS region',
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
  readonly sandbox: boolean
  readonly json: boolean
  readonly 'allow-partial': boolean
  readonly color: 'auto' | 'always' | 'never'
  readonly 'no-color': boolean
}

/**
 * The one value of a flag that may be given several times.
 * @throws UserError (exit 2) for an empty value, or several
 */
export function single(values: readonly string[] | undefined, flag: string): string | null {
  const [first, ...more] = values ?? []
  if (values?.some(value => value.trim() === ''))
    throw usageError(`${flag} is empty`, `name one, as in ${flag} ${flag === '--region' ? 'eu-west-1' : 'prod'}`)
  if (more.length > 0 || first?.toLowerCase() === 'all')
    throw usageError(`several values of ${flag} cannot be read at once yet`, `give one ${flag} at a time`)
  return first ?? null
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
