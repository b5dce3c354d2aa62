import * as Flags from '@oclif/core/flags'
import type {ReleasesFormat} from '../ui/releases-screen.ts'
import {costFlags} from './cost.ts'
import {fleetFlags} from './fleet.ts'
import {outFlag, outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

export const releasesSinceByDefault = '24h'
const formats: readonly ReleasesFormat[] = ['json', 'ndjson', 'csv', 'md']

/** Flags of the command `releases`. */
export const releasesFlags = {
  ...windowFlags(releasesSinceByDefault),
  ...targetFlags,
  alias: Flags.string({
    helpGroup: 'TARGET',
    helpValue: 'NAME',
    description: 'only aliases of this name; by default all of each function',
  }),
  limit: Flags.integer({
    helpGroup: 'SHOW',
    min: 1,
    helpValue: 'N',
    description: 'show the first N aliases; by default 30 on a terminal, all in files and --json',
  }),
  out: outFlag(formats),
  ...fleetFlags,
  ...costFlags,
}

export type ReleasesOptions = {
  readonly alias: string | null
  /** null: as many as one looks at on a terminal, all elsewhere */
  readonly limit: number | null
  readonly out: {readonly file: string; readonly format: ReleasesFormat} | null
}

/**
 * What the flags of `releases` mean, typed and checked.
 * @throws UserError (exit 2) for what cannot be meant, with what to write instead
 */
export function releasesOptionsFrom({
  alias,
  limit,
  out,
}: {
  readonly alias?: string | undefined
  readonly limit?: number | undefined
  readonly out?: string | undefined
}): ReleasesOptions {
  return {alias: alias ?? null, limit: limit ?? null, out: out === undefined ? null : outFrom(out, formats)}
}
