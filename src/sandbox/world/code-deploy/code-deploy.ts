// CodeDeploy: deployments that move aliases over time, watch alarms, and take back what they did.
import type {Change} from '../../changes.ts'
import {type DeploymentChange, type DeploymentEnd, isDeploymentChange} from '../../deployment-changes.ts'
import type {DueWork} from '../due-work.ts'
import type {RegionChanges} from '../region-changes.ts'
import type {SandboxFunction} from '../sandbox-function.ts'
import type {AliasUpdate} from '../schedules/alias-update.ts'
import {begun, type CodeDeploy, finishedMs, rollbackOf, type SandboxDeployment, shareNow} from './deployment.ts'
import {predefinedConfigs, slowConfig} from './deployment-configs.ts'
import {deploymentId, type LarderDeployments} from './larder-deployments.ts'
import {problemWith} from './wrong-deployment.ts'

export type Deploying = DueWork & {
  readonly api: CodeDeploy
  /** to be called when there are new changes of the region */
  changed(changes: readonly Change[]): void
}

export type DeployingOptions = {
  readonly company: LarderDeployments
  readonly hasSlowConfig: boolean
  readonly find: (functionName: string) => SandboxFunction | undefined
  /** which of some alarms were in ALARM at a moment */
  readonly activeAt: (names: readonly string[], at: number) => readonly string[]
  /** as a client does it */
  readonly record: RegionChanges['record']
  /** writes down what was done at a moment of the past */
  readonly recordDue: (change: Parameters<RegionChanges['record']>[0], at: number) => void
  readonly seed: number
  readonly firstUsedAt: number
}

/** What a deployment does next; the look at its alarms comes before anything else at that moment. */
type Next = {readonly at: number; readonly does: 'look' | 'step' | 'finish'; readonly deployment: SandboxDeployment}

const minuteMs = 60_000

export function createDeploying(options: DeployingOptions): Deploying {
  const {company, hasSlowConfig, find, activeAt, record, recordDue, seed, firstUsedAt} = options
  const configs = hasSlowConfig ? [...predefinedConfigs, slowConfig] : predefinedConfigs
  let all: ReadonlyMap<string, SandboxDeployment> = new Map()
  /** until when the alarms of a deployment were looked at */
  let looked: ReadonlyMap<string, number> = new Map()
  let next: Next | undefined

  const newId = () => deploymentId(`deployment ${all.size + 1} since ${firstUsedAt}`, seed)

  function nextOf(deployment: SandboxDeployment): Next | undefined {
    const {id, end, steps, stepsDone, alarms} = deployment
    const [first, last] = [steps[0], steps.at(-1)]
    if (end || !first || !last) return undefined
    const step = steps[stepsDone]
    const does = step ? 'step' : 'finish'
    const at = step?.at ?? last.at + finishedMs
    if (alarms.length === 0) return {at, does, deployment}
    const until = looked.get(id) ?? Number.NEGATIVE_INFINITY
    const look = until < first.at ? first.at : (Math.floor(until / minuteMs) + 1) * minuteMs
    return look <= at ? {at: look, does: 'look', deployment} : {at, does, deployment}
  }

  function plan(): void {
    const due = [...all.values()].flatMap(deployment => nextOf(deployment) ?? [])
    next = due.reduce<Next | undefined>((first, each) => (!first || each.at < first.at ? each : first), undefined)
  }

  function end(
    {id, rollsBackOn, stepsDone}: SandboxDeployment,
    how: Omit<DeploymentEnd, 'rollbackId'>,
    at: number,
    on: (typeof rollsBackOn)[number] | null,
  ): void {
    const rollbackId = on !== null && rollsBackOn.includes(on) && stepsDone > 0 ? newId() : null
    recordDue({kind: 'deployment-ended', deploymentId: id, end: {...how, rollbackId}}, at)
  }

  function look(deployment: SandboxDeployment, at: number): void {
    const active = activeAt(deployment.alarms, at)
    looked = new Map(looked).set(deployment.id, at)
    if (active.length > 0)
      end(
        deployment,
        {
          status: 'Stopped',
          code: 'ALARM_ACTIVE',
          message: `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <${active.join(', ')}>`,
        },
        at,
        'DEPLOYMENT_STOP_ON_ALARM',
      )
    else plan()
  }

  function step(deployment: SandboxDeployment, at: number): void {
    const {id, functionName, alias, from, to, steps, stepsDone} = deployment
    const found = find(functionName)?.aliases.find(({name}) => name === alias)
    const problem = problemWith(deployment, find(functionName))
    if (problem !== null || !found) {
      const how = {status: 'Failed', code: 'INVALID_LAMBDA_CONFIGURATION', message: problem ?? ''} as const
      // an alias that somebody else has moved is left as it is
      end(deployment, how, at, null)
      return
    }
    const share = steps[stepsDone]?.share ?? 1
    const wanted = share < 1 ? {version: from, weights: {[to]: share}} : {version: to, weights: {}}
    const update: AliasUpdate = {functionName, alias, description: found.description, ...wanted}
    // it is so already where the process was killed between this and the next line
    if (found.version !== wanted.version || JSON.stringify(found.weights) !== JSON.stringify(wanted.weights))
      recordDue({kind: 'alias', ...update}, at)
    recordDue({kind: 'deployment-stepped', deploymentId: id, step: stepsDone + 1}, at)
  }

  return {
    nextAt: () => next?.at ?? null,
    run() {
      if (!next) return
      const {deployment, does, at} = next
      if (does === 'look') look(deployment, at)
      else if (does === 'step') step(deployment, at)
      else end(deployment, {status: 'Succeeded', code: null, message: ''}, at, null)
    },
    changed(changes) {
      const found = new Map(company.deployments.map(each => [each.id, each]))
      const since = new Map(company.deployments.map(({id}) => [id, firstUsedAt]))
      const configOf = (name: string) => configs.find(each => each.name === name)
      for (const change of changes.filter(isDeploymentChange)) takeOver(found, since, change, configOf)
      all = found
      // what a step was made after was looked at before it
      looked = new Map(
        [...found.keys()].flatMap(id => {
          const until = Math.max(looked.get(id) ?? Number.NEGATIVE_INFINITY, since.get(id) ?? Number.NEGATIVE_INFINITY)
          return Number.isFinite(until) ? [[id, until] as const] : []
        }),
      )
      plan()
    },
    api: {
      groups: () => company.groups,
      configs: () => configs,
      deployments: () => [...all.values()].toReversed(),
      create(asked) {
        const id = newId()
        record({kind: 'deployment-created', deployment: {...asked, id}})
        const made = all.get(id)
        if (!made) throw new Error(`there is no deployment ${id}`)
        return made
      },
      stop(id, rollsBack) {
        const deployment = all.get(id)
        const rollbackId = rollsBack && deployment && shareNow(deployment) > 0 ? newId() : null
        const how = {status: 'Stopped', code: 'MANUAL_STOP', message: 'The deployment was stopped by a user.'} as const
        record({kind: 'deployment-ended', deploymentId: id, end: {...how, rollbackId}})
      },
    },
  }
}

/** @param since until when alarms were looked at, by deployment */
function takeOver(
  all: Map<string, SandboxDeployment>,
  since: Map<string, number>,
  change: DeploymentChange,
  configOf: (name: string) => (typeof predefinedConfigs)[number] | undefined,
): void {
  if (change.kind === 'deployment-created') {
    const {deployment, at} = change
    all.set(deployment.id, begun(deployment, at, configOf(deployment.config)))
    return
  }
  const found = all.get(change.deploymentId)
  if (!found || found.end) return
  if (change.kind === 'deployment-stepped') {
    all.set(found.id, {...found, stepsDone: Math.max(found.stepsDone, change.step)})
    since.set(found.id, change.at)
    return
  }
  const {end, at} = change
  all.set(found.id, {...found, end: {...end, at}})
  if (end.rollbackId === null) return
  const settings = rollbackOf(found, end.rollbackId)
  all.set(settings.id, begun(settings, at, configOf(settings.config), found.id))
}
