import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import {type Verdict, verdicts} from '../services/fleet/unused/verdict.ts'
import type {UnusedFormat} from '../ui/unused-screen.ts'
import {costFlags} from './cost.ts'
import {fleetFlags} from './fleet.ts'
import {outFlag, outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const select = 'SELECT'
const show = 'SHOW'

export const unusedSinceByDefault = '30d'
const newByDefault = '7d'
const formats: readonly UnusedFormat[] = ['json', 'ndjson', 'csv', 'md']

export const unusedFlags = {
  ...windowFlags(unusedSinceByDefault),
  ...targetFlags,
  verdict: Flags.string({
    helpGroup: select,
    helpValue: 'VERDICT',
    description: `only functions with these verdicts, parted by commas: ${verdicts.join(', ')}`,
  }),
  new: Flags.string({
    helpGroup: select,
    helpValue: 'D',
    description: `how long after its last change a function is too young to judge, ${newByDefault} by default`,
  }),
  all: Flags.boolean({helpGroup: show, description: 'list active functions too, and all that is wasted'}),
  'fail-on': Flags.string({
    helpGroup: show,
    helpValue: 'VERDICT',
    description: 'exit 5 when a function has one of these verdicts, parted by commas',
  }),
  out: outFlag(formats),
  ...fleetFlags,
  ...costFlags,
}

export type UnusedFlags = {
  readonly verdict?: string | undefined
  readonly new?: string | undefined
  readonly all: boolean
  readonly 'fail-on'?: string | undefined
  readonly out?: string | undefined
}

/** What the flags of `unused` mean, typed and checked. */
export type UnusedOptions = {
  /** null: all of them */
  readonly only: readonly Verdict[] | null
  readonly newMs: number
  readonly all: boolean
  readonly failOn: readonly Verdict[]
  readonly out: {readonly file: string; readonly format: UnusedFormat} | null
}

/**
 * Reads the flags of `unused`.
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export async function unusedOptionsFrom(flags: UnusedFlags): Promise<UnusedOptions> {
  const {parseDuration} = await import('../services/time/duration.ts')
  const {verdict, all, out, 'fail-on': failOn} = flags
  return {
    only: verdict === undefined ? null : verdictsFrom(verdict, '--verdict'),
    newMs: parseDuration(flags.new ?? newByDefault, '--new'),
    all,
    failOn: failOn === undefined ? [] : verdictsFrom(failOn, '--fail-on'),
    out: out === undefined ? null : outFrom(out, formats),
  }
}

function verdictsFrom(text: string, flag: string): readonly Verdict[] {
  return text.split(',').map(word => {
    const known = verdicts.find(verdict => verdict === word.trim().toLowerCase())
    if (known === undefined)
      throw usageError(
        `${flag} ${text}: ${word.trim() === '' ? 'a verdict is empty' : `${word.trim()} is no verdict`}`,
        `verdicts are ${verdicts.join(', ')}`,
      )
    return known
  })
}
