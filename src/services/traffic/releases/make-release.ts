import {isKnown, type Known} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import {shareOf} from '../alias/alias-state.ts'
import {isLeaseOver, parseLease} from '../alias/lease.ts'
import type {Deployment} from '../codedeploy/deployments.ts'
import type {Move} from '../journal/open-runs.ts'
import type {Managed} from '../plan/managers.ts'
import type {AskedFunction} from './ask-functions.ts'
import type {ListedAlias} from './list-aliases.ts'
import type {MeasuredAlias, PublishedConfiguration} from './measure-versions.ts'
import type {AliasRelease, ReleaseVersion} from './releases.ts'
import {standingOf} from './standing.ts'
import {whoMoved} from './who-moved.ts'

/** What was read of one alias. */
export type ReadAlias = {
  readonly alias: ListedAlias
  /** with its account */
  readonly scope: Scope
  readonly asked: AskedFunction
  readonly measured: MeasuredAlias
  readonly managed: Managed
  readonly deployments: Known<readonly Deployment[]>
  /** newest first */
  readonly moves: readonly Move[]
  readonly now: number
}

/** Puts together what is known of an alias. */
export function makeRelease({alias, scope, asked, measured, ...read}: ReadAlias): AliasRelease {
  const {functionName, functionArn, state, fn} = alias
  const {managed, deployments, moves, now} = read
  const published = isKnown(asked.versions) ? asked.versions.value : []
  const served = isKnown(measured.served) ? measured.served.value : []
  const lease = parseLease(state.description)
  const isEnded = moves.some(({runId, outcome}) => runId === lease?.runId && outcome !== null)
  const isLeft = lease !== null && (isEnded || isLeaseOver(lease, now))
  const moving = {
    state,
    lease,
    provisioned: provisionedOf(alias, asked),
    managers: managed.managers,
  }
  const figuresOf = (version: string) => served.find(one => one.version === version) ?? null
  const versionOf = (version: string): ReleaseVersion => {
    const configuration = published.find(({Version}) => Version === version)
    return {
      version,
      weight: shareOf(state, version),
      figures: figuresOf(version),
      costUSD: measured.costs.get(version) ?? null,
      publishedAt: Date.parse(configuration?.LastModified ?? '') || null,
      description: configuration?.Description ?? '',
    }
  }
  const serving = [state.version, ...(state.additional === null ? [] : [state.additional.version])]
  const others = served.map(({version}) => version).filter(version => !serving.includes(version))
  const versions = [...serving, ...others].map(versionOf)
  return {
    functionName,
    functionArn,
    alias: alias.alias,
    account: fn.account ?? scope.account,
    region: scope.region,
    ...moving,
    standing: standingOf(moving, versions),
    versions,
    measured: isKnown(measured.served) ? {value: true} : measured.served,
    ...whoMoved(state, {
      lease: isLeft ? null : lease,
      moves,
      deployments: isKnown(deployments) ? deployments.value : [],
      served: figuresOf(state.version),
      now,
    }),
    isLeaseOver: isLeft,
    waiting: waitingOf([...serving, ...others, ...triedOf(read)], published),
  }
}

/** What was shifted to or left, whether it served in the window or not: it waits for nobody any more. */
const triedOf = ({moves, deployments}: Pick<ReadAlias, 'moves' | 'deployments'>): readonly string[] =>
  [...moves, ...(isKnown(deployments) ? deployments.value : [])].flatMap(({from, to}) => [from, to])

/** Versions count up as they are published, and no number is used anew. */
function waitingOf(served: readonly string[], published: readonly PublishedConfiguration[]): string | null {
  const newest = published.at(-1)?.Version
  if (newest === undefined || served.includes('$LATEST')) return null
  return served.some(version => Number(version) >= Number(newest)) ? null : newest
}

function provisionedOf({alias}: ListedAlias, {provisioned}: AskedFunction): AliasRelease['provisioned'] {
  const own = provisioned && isKnown(provisioned) ? provisioned.value.find(one => one.qualifier === alias) : undefined
  return own ? {requested: own.requested, available: own.allocated, status: own.status} : null
}
