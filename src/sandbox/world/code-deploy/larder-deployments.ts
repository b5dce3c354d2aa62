// What the company releases with CodeDeploy: search by a canary, stock-sync slowly, right now.
import type {AliasChange, Change} from '../../changes.ts'
import type {DeploymentSettings, RollbackEvent} from '../../deployment-changes.ts'
import type {CompanyFunction} from '../company.ts'
import {packageOf} from '../function-code.ts'
import {releaseAlias} from '../invoked-history.ts'
import {buildOf, releasePoints} from '../published-versions.ts'
import {textKey} from '../random.ts'
import {begun, type DeploymentGroup, finishedMs, preparedMs, type SandboxDeployment} from './deployment.ts'
import {allAtOnce, slowConfig} from './deployment-configs.ts'

type Released = {
  readonly functionName: string
  readonly application: string
  readonly group: string
  readonly config: string
  readonly alarms: readonly string[]
  /** the version that is on its way, and how many hours before the sandbox was first used that began */
  readonly underWay?: {readonly version: number; readonly hoursAgo: number}
}

const released: readonly Released[] = [
  {
    functionName: 'search',
    application: 'larder-shop-releases',
    group: 'search-live',
    config: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    alarms: ['search-live-errors'],
  },
  {
    functionName: 'stock-sync',
    application: 'larder-insights-releases',
    group: 'stock-sync-live',
    config: slowConfig.name,
    alarms: ['stock-sync-live-errors'],
    underWay: {version: 26, hoursAgo: 6},
  },
]

const rollsBackOn: readonly RollbackEvent[] = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']
const hourMs = 3_600_000

export type LarderDeployments = {
  readonly groups: readonly DeploymentGroup[]
  /** those that are over and those under way, as the latter stood when the sandbox was first used; oldest first */
  readonly deployments: readonly SandboxDeployment[]
  /** what those under way had made of their functions by then: as if clients had */
  readonly writes: readonly Change[]
}

export const noDeployments: LarderDeployments = {groups: [], deployments: [], writes: []}

export function larderDeployments(
  find: (functionName: string) => CompanyFunction | undefined,
  seed: number,
  firstUsedAt: number,
): LarderDeployments {
  const of = released.flatMap(each => {
    const definition = find(each.functionName)
    return definition ? [deploymentsOf(each, definition, seed, firstUsedAt)] : []
  })
  const byTime = (x: {readonly createdAt: number}, y: {readonly createdAt: number}) => x.createdAt - y.createdAt
  return {
    groups: of.map(({group}) => group),
    deployments: of.flatMap(({deployments}) => deployments).sort(byTime),
    writes: of.flatMap(({writes}) => writes).sort((x, y) => x.at - y.at),
  }
}

function deploymentsOf(each: Released, definition: CompanyFunction, seed: number, firstUsedAt: number) {
  const points = releasePoints(definition, seed, firstUsedAt)
  const settings = (from: string, to: string): DeploymentSettings => ({
    id: deploymentId(`${each.functionName} ${from} ${to}`, seed),
    application: each.application,
    group: each.group,
    config: each.config,
    description: `release of version ${to}`,
    functionName: each.functionName,
    alias: releaseAlias,
    from,
    to,
    appSpec: appSpecOf(each.functionName, releaseAlias, from, to),
    alarms: each.alarms,
    hasOwnAlarms: false,
    rollsBackOn,
  })
  // its aliases went over at once in the past
  const past = points.slice(1).map(({version, at}, i): SandboxDeployment => {
    const of = {...settings(points[i]?.version ?? '', version), config: allAtOnce.name}
    const end = {status: 'Succeeded', code: null, message: '', rollbackId: null, at: at + finishedMs} as const
    return {...begun(of, at - preparedMs, allAtOnce), stepsDone: 1, end}
  })
  const group = {
    application: each.application,
    name: each.group,
    config: each.config,
    alarms: each.alarms,
    rollsBackOn,
    createdAt: (points[0]?.at ?? firstUsedAt) - 24 * hourMs,
  }
  const last = points.at(-1)?.version
  if (!each.underWay || last === undefined) return {group, deployments: past, writes: []}

  const version = String(each.underWay.version)
  const made = begun(settings(last, version), firstUsedAt - each.underWay.hoursAgo * hourMs, slowConfig)
  const done = made.steps.filter(({at}) => at <= firstUsedAt)
  const description = buildOf(version)
  const {functionName} = each
  const {sha256} = packageOf(functionName, each.underWay.version)
  const codeSize = Math.round(definition.codeSizeMB * 1_048_576)
  const code = {sha256, codeSize, imageUri: null, behavesAs: functionName, zip: null}
  const publishedAt = made.createdAt - 70_000
  const writes: readonly Change[] = [
    {kind: 'code-changed', functionName, at: publishedAt - 60_000, code},
    {kind: 'version-published', functionName, at: publishedAt, description},
    ...done.map(
      ({at, share}): AliasChange => ({
        kind: 'alias',
        functionName,
        at,
        alias: releaseAlias,
        version: last,
        weights: {[version]: share},
        description,
      }),
    ),
  ]
  return {group, deployments: [...past, {...made, stepsDone: done.length}], writes}
}

/** In the form that CodeDeploy gives its ids. */
export function deploymentId(what: string, seed: number): string {
  const half = (part: string) => (textKey(`${what} ${part}`, seed) >>> 0).toString(36).padStart(7, '0')
  return `d-${(half('a') + half('b')).toUpperCase().slice(2, 11)}`
}

export const appSpecOf = (functionName: string, alias: string, from: string, to: string): string =>
  JSON.stringify({
    version: '0.0',
    Resources: [
      {
        [functionName]: {
          Type: 'AWS::Lambda::Function',
          Properties: {Name: functionName, Alias: alias, CurrentVersion: from, TargetVersion: to},
        },
      },
    ],
  })
