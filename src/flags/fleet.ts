import * as Flags from '@oclif/core/flags'

/** Flags of every command that scans the fleet; what may cost money takes costFlags besides. */
export const fleetFlags = {
  fresh: Flags.boolean({
    helpGroup: 'READ',
    description: 'ask AWS again for what an earlier scan has kept',
  }),
}

export type FleetFlags = {readonly fresh: boolean}
