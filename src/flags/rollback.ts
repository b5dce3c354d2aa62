import * as Flags from '@oclif/core/flags'
import {aliasFlag} from './alias.ts'
import {changeFlags, changeGroup} from './change.ts'
import {targetFlags, windowFlags} from './shared.ts'

const {utc, tz} = windowFlags('1h')
const {stack, tag} = targetFlags

/** Flags of the command `rollback`. */
export const rollbackFlags = {
  to: Flags.string({
    helpGroup: changeGroup,
    helpValue: 'VERSION',
    description: 'the version to go back to; by default what served before, on evidence',
  }),
  alias: aliasFlag,
  stack,
  tag,
  note: Flags.string({helpGroup: changeGroup, helpValue: 'TEXT', description: 'why, for the journal'}),
  force: Flags.boolean({
    helpGroup: changeGroup,
    description:
      'go on where somebody wrote the alias meanwhile, while it is between the same two versions, and where no journal can be written',
  }),
  utc,
  tz,
  ...changeFlags,
}
