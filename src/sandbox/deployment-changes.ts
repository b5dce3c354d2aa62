// Deployments of CodeDeploy in the embedded AWS, as the state file keeps them.
import type {Write} from './changes.ts'
import {type Check, isBoolean, isCount, isOneOf, isShaped, isText, isTexts, orNull} from './checks.ts'

export type RollbackEvent = 'DEPLOYMENT_FAILURE' | 'DEPLOYMENT_STOP_ON_ALARM' | 'DEPLOYMENT_STOP_ON_REQUEST'

/** A deployment as it was asked for. */
export type DeploymentSettings = {
  /** `d-ABCDEFGHI` */
  readonly id: string
  readonly application: string
  readonly group: string
  readonly config: string
  readonly description: string
  readonly functionName: string
  readonly alias: string
  readonly from: string
  readonly to: string
  /** the AppSpec as it was given */
  readonly appSpec: string
  /** what stops it */
  readonly alarms: readonly string[]
  /** whether the alarms are its own, and not its group's */
  readonly hasOwnAlarms: boolean
  readonly rollsBackOn: readonly RollbackEvent[]
}

/** How a deployment came to its end. */
export type DeploymentEnd = {
  readonly status: 'Succeeded' | 'Failed' | 'Stopped'
  readonly code: string | null
  readonly message: string
  /** the deployment that takes it back */
  readonly rollbackId: string | null
}

type OfDeployment = Write & {readonly deploymentId: string}

export type DeploymentChange =
  | (Write & {readonly kind: 'deployment-created'; readonly deployment: DeploymentSettings})
  /** the traffic was shifted for the first, second, … time */
  | (OfDeployment & {readonly kind: 'deployment-stepped'; readonly step: number})
  | (OfDeployment & {readonly kind: 'deployment-ended'; readonly end: DeploymentEnd})

export const isDeploymentChange = (change: {readonly kind: string}): change is DeploymentChange =>
  change.kind.startsWith('deployment-')

const deployment: Readonly<Record<keyof DeploymentSettings, Check>> = {
  id: isText,
  application: isText,
  group: isText,
  config: isText,
  description: isText,
  functionName: isText,
  alias: isText,
  from: isText,
  to: isText,
  appSpec: isText,
  alarms: isTexts,
  hasOwnAlarms: isBoolean,
  rollsBackOn: isTexts,
}

const end: Readonly<Record<keyof DeploymentEnd, Check>> = {
  status: isOneOf('Succeeded', 'Failed', 'Stopped'),
  code: orNull(isText),
  message: isText,
  rollbackId: orNull(isText),
}

export const deploymentMembers = {
  'deployment-created': {deployment: isShaped(deployment)},
  'deployment-stepped': {deploymentId: isText, step: isCount},
  'deployment-ended': {deploymentId: isText, end: isShaped(end)},
} satisfies Readonly<Record<DeploymentChange['kind'], Readonly<Record<string, Check>>>>
