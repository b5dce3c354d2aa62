import * as Flags from '@oclif/core/flags'

export const changeGroup = 'CHANGE'

/** Flags of every command that changes AWS. */
export const changeFlags = {
  'dry-run': Flags.boolean({helpGroup: changeGroup, description: 'show what would be done, and change nothing'}),
  yes: Flags.boolean({char: 'y', helpGroup: changeGroup, description: 'do it without being asked'}),
}

export type ChangeFlags = {readonly 'dry-run': boolean; readonly yes: boolean}
