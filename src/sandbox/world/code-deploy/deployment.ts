// Deployments of CodeDeploy, and what they are made of.
import type {DeploymentEnd, DeploymentSettings, RollbackEvent} from '../../deployment-changes.ts'
import {type DeploymentConfig, shiftsOf} from './deployment-configs.ts'

/** A deployment group, with the application it belongs to. */
export type DeploymentGroup = {
  readonly application: string
  readonly name: string
  readonly config: string
  readonly alarms: readonly string[]
  readonly rollsBackOn: readonly RollbackEvent[]
  readonly createdAt: number
}

/** Moments in epoch ms. */
export type SandboxDeployment = DeploymentSettings & {
  readonly createdAt: number
  /** the shares of the new version, those to come too */
  readonly steps: readonly {readonly at: number; readonly share: number}[]
  readonly stepsDone: number
  readonly end: (DeploymentEnd & {readonly at: number}) | null
  /** the deployment that it takes back */
  readonly rollbackOf: string | null
}

/** What clients do with CodeDeploy; whether they may is the API's to say. */
export type CodeDeploy = {
  groups(): readonly DeploymentGroup[]
  configs(): readonly DeploymentConfig[]
  /** all of them, newest first */
  deployments(): readonly SandboxDeployment[]
  create(asked: Omit<DeploymentSettings, 'id'>): SandboxDeployment
  /** Stops one that is under way, where it stands, and takes it back with another one where that is wanted. */
  stop(id: string, rollsBack: boolean): void
}

/** From the call until traffic is shifted for the first time. */
export const preparedMs = 3_000
/** From the last shift to the end. */
export const finishedMs = 2_000

export function begun(
  settings: DeploymentSettings,
  createdAt: number,
  config: DeploymentConfig | undefined,
  rollbackOf: string | null = null,
): SandboxDeployment {
  const steps = config ? shiftsOf(config) : []
  return {
    ...settings,
    createdAt,
    steps: steps.map(({afterMs, share}) => ({at: createdAt + preparedMs + afterMs, share})),
    stepsDone: 0,
    end: null,
    rollbackOf,
  }
}

/** What takes a deployment back. */
export function rollbackOf(deployment: SandboxDeployment, id: string): DeploymentSettings {
  const {application, group, functionName, alias, from, to, appSpec} = deployment
  return {
    id,
    application,
    group,
    config: 'CodeDeployDefault.LambdaAllAtOnce',
    description: `Rollback of ${deployment.id}`,
    functionName,
    alias,
    from: to,
    to: from,
    appSpec,
    // it is not to be stopped by what it is to put right
    alarms: [],
    hasOwnAlarms: false,
    rollsBackOn: [],
  }
}

/** The share of the new version now. */
export const shareNow = ({steps, stepsDone}: SandboxDeployment): number => steps[stepsDone - 1]?.share ?? 0
