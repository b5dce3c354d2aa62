import type {Known} from '../../../known.ts'
import {atATime} from '../../at-a-time.ts'
import {readProvisioned} from '../../fleet/facts/provisioned.ts'
import type {ProvisionedConcurrency} from '../../fleet/facts.ts'
import type {FleetFunction} from '../../fleet/fleet-function.ts'
import {known} from '../../fleet/why-unknown.ts'
import {publishedVersions} from '../../targets/published-versions.ts'
import {parseLease} from '../alias/lease.ts'
import type {ListedAlias} from './list-aliases.ts'
import type {PublishedConfiguration} from './measure-versions.ts'

/** What takes calls for each function that has an alias. */
export type AskedFunction = {
  /** oldest first */
  readonly versions: Known<readonly PublishedConfiguration[]>
  /** null: not asked for */
  readonly provisioned: Known<readonly ProvisionedConcurrency[]> | null
}

export type AskOptions = {
  /** `moving`: of aliases that are being moved alone */
  readonly provisioned: 'all' | 'moving'
  readonly onFunction: () => void
}

/** the rate budget decides how fast calls go out */
const mostAtATime = 16
const versionsAsked = {doing: 'list versions', permission: 'lambda:ListVersionsByFunction'}

/** Versions and provisioned concurrency of the functions that aliases belong to. Never throws what AWS refuses. */
export async function askFunctions(
  aliases: readonly ListedAlias[],
  {provisioned, onFunction}: AskOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<FleetFunction, AskedFunction>> {
  const answers = new Map<FleetFunction, AskedFunction>()
  await atATime(mostAtATime, [...Map.groupBy(aliases, ({fn}) => fn)], async ([fn, own]) => {
    const isAsked = provisioned === 'all' || own.some(isMoved)
    const [versions, configs] = await Promise.all([
      known(versionsAsked, signal, () => publishedVersions(fn.aws, fn.name, signal)),
      isAsked ? readProvisioned(fn, signal) : null,
    ])
    answers.set(fn, {versions, provisioned: configs})
    onFunction()
  })
  return answers
}

const isMoved = ({state}: ListedAlias): boolean => state.additional !== null || parseLease(state.description) !== null
