import {UserError} from '../../../errors.ts'

/** Whether a run ended because somebody deployed the function while it was looked at or changed. */
export const isDeployedMeanwhile = (error: unknown): boolean =>
  error instanceof UserError && error.code === 'DeployedMeanwhile'
