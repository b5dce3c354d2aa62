import * as Flags from '@oclif/core/flags'
import type {MapFormat} from '../ui/map-screen.ts'
import {outFrom} from './out.ts'
import {targetFlags, windowFlags} from './shared.ts'

const show = 'SHOW'

export const sinceByDefault = '1h'

export const mapFlags = {
  ...windowFlags(sinceByDefault),
  ...targetFlags,
  errors: Flags.boolean({
    helpGroup: show,
    description: 'only what fails or strains, and the ways that requests take to it',
  }),
  limit: Flags.integer({helpGroup: show, min: 1, helpValue: 'N', description: 'draw N rows; 60 by default'}),
  out: Flags.string({
    helpGroup: show,
    helpValue: 'FILE',
    description: 'write the map to a file: .svg, .dot, .json or .md',
  }),
}

export type MapFlags = {
  readonly errors: boolean
  readonly limit?: number | undefined
  readonly out?: string | undefined
}

/** What the flags of `map` mean, typed and checked. */
export type MapOptions = {
  readonly isUnhealthyOnly: boolean
  /** null: as many rows as one looks at */
  readonly limit: number | null
  readonly out: {readonly file: string; readonly format: MapFormat} | null
}

/**
 * Reads the flags of `map`.
 * @throws UserError (exit 2) for a file that slsops does not write
 */
export function mapOptionsFrom({errors, limit, out}: MapFlags): MapOptions {
  return {
    isUnhealthyOnly: errors,
    limit: limit ?? null,
    out: out === undefined ? null : outFrom(out, formats),
  }
}

const formats: readonly MapFormat[] = ['svg', 'dot', 'json', 'md']
