import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import {functionGaps} from '../../fleet/unknown-gaps.ts'
import {interrupted} from '../../fleet/why-unknown.ts'
import type {Gap} from '../../receipt.ts'
import {type Deployment, pastDeployments} from '../codedeploy/deployments.ts'
import {movesOf} from '../journal/open-runs.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {type Managed, readManagers} from '../plan/managers.ts'
import {type AskedFunction, type AskOptions, askFunctions} from './ask-functions.ts'
import type {ListedAlias} from './list-aliases.ts'
import {makeRelease, type ReadAlias} from './make-release.ts'
import {candidatesOf, type MeasuredAlias, measureVersions, type PublishedConfiguration} from './measure-versions.ts'
import type {AliasRelease} from './releases.ts'

export type RegionToRead = {
  readonly aws: Aws
  /** with its account */
  readonly scope: Scope
  readonly aliases: readonly ListedAlias[]
}

export type ReadRegionOptions = AskOptions & {
  readonly window: {readonly start: number; readonly end: number}
  readonly now: number
  readonly records: readonly TrafficRecord[]
  /** whether CodeDeploy's past is looked at, which takes calls for each alias */
  readonly isPastAsked: boolean
}

export type RegionReleases = {
  readonly aliases: readonly AliasRelease[]
  readonly gaps: readonly Gap[]
  /** functions of which something is not known, by name */
  readonly unknown: ReadonlySet<string>
}

const pastMs = 30 * 86_400_000

/** Everything that is known of the aliases of one region. Never throws but for bugs: what AWS refuses is a gap. */
export async function readRegion(
  {aws, scope, aliases}: RegionToRead,
  options: ReadRegionOptions,
  signal: AbortSignal,
): Promise<RegionReleases> {
  const {window, now, records, isPastAsked} = options
  const [asked, managed, past] = await Promise.all([
    askFunctions(aliases, options, signal),
    unlessStopped(signal, () => readManagers(aws, aliases, signal)),
    Promise.all(aliases.map(alias => (isPastAsked ? pastOf(aws, alias, now, signal) : notAsked))),
  ])
  const publishedOf = ({fn}: ListedAlias): readonly PublishedConfiguration[] => {
    const versions = asked.get(fn)?.versions
    return versions && isKnown(versions) ? versions.value : []
  }
  const measured = await unlessStopped(signal, () =>
    measureVersions(
      aws,
      aliases,
      aliases.map(alias => candidatesOf(alias, publishedOf(alias))),
      (alias, version) => configurationOf(alias, version, publishedOf(alias)),
      window,
      signal,
    ),
  )
  const read = aliases.map(
    (alias, at): ReadAlias => ({
      alias,
      scope,
      asked: asked.get(alias.fn) ?? unasked,
      measured: measured?.[at] ?? unmeasured,
      managed: managed?.[at] ?? unmanaged,
      deployments: past[at] ?? interrupted,
      moves: movesOf({...aws, scope}, records, alias),
      now,
    }),
  )
  const unknowns = read.flatMap(unknownOf)
  return {
    aliases: read.map(makeRelease),
    gaps: functionGaps(unknowns),
    unknown: new Set(unknowns.map(({fn}) => fn.name)),
  }
}

const notAsked: Unknown = {unknown: 'not-read', detail: ''}
const unasked: AskedFunction = {versions: interrupted, provisioned: null}
const unmanaged: Managed = {managers: [], unknown: interrupted}
const unmeasured: MeasuredAlias = {served: interrupted, costs: new Map()}

const pastOf = (
  aws: Aws,
  alias: ListedAlias,
  now: number,
  signal: AbortSignal,
): Promise<Known<readonly Deployment[]>> => pastDeployments(aws, alias, {start: now - pastMs, end: now}, signal)

/** What nobody knows of an alias. That CodeDeploy's past is not told is none: it is one of several that tell who moved it. */
function unknownOf({alias: {fn}, asked, measured, managed}: ReadAlias) {
  const answers: readonly (readonly [string, Known<unknown> | null])[] = [
    ['versions', asked.versions],
    ['metrics', measured.served],
    ['managers', managed.unknown],
    ['provisioned concurrency', asked.provisioned],
  ]
  return answers.flatMap(([what, answer]) =>
    answer === null || isKnown(answer) || answer.unknown === 'not-read' ? [] : {fn, what, why: answer},
  )
}

function configurationOf(
  {fn}: ListedAlias,
  version: string,
  published: readonly PublishedConfiguration[],
): FunctionConfiguration | undefined {
  if (version === '$LATEST') return {MemorySize: fn.memorySizeMB, Architectures: [fn.architecture]}
  return published.find(({Version}) => Version === version)
}

/** What was read; null where it was stopped before. */
async function unlessStopped<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (!signal.aborted) throw error
    return null
  }
}
