import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {publishedVersions} from '../../targets/published-versions.ts'
import {pastDeployments} from '../codedeploy/deployments.ts'
import type {ServedVersion} from '../evidence/served-versions.ts'
import {readServedVersions} from '../evidence/served-versions.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import type {FoundAlias} from '../plan/find-aliases.ts'
import {deployedPast} from './deployed-past.ts'
import {inTime, type Patience} from './in-time.ts'
import {journaledPast} from './journaled-past.ts'
import {measuredPast} from './measured-past.ts'
import type {Past} from './past.ts'

/** All that tells which versions an alias served. */
export type AliasPast = {
  readonly pasts: readonly Past[]
  readonly served: readonly ServedVersion[]
  /** published ones, newest first; none where AWS would not list them */
  readonly versions: readonly {readonly version: string; readonly publishedAt: number | null}[]
  /** what could not be read, a sentence each */
  readonly notes: readonly string[]
}

const dayMs = 86_400_000
/** CloudWatch has every minute for 15 days */
const measuredMs = 14 * dayMs
const deployedMs = 30 * dayMs

/**
 * Reads what tells which versions aliases served before: journals, CodeDeploy's deployments, metrics of 14 days. Whoever does not
 * answer within ten seconds is left out, and said.
 */
export async function readPast(
  aws: Aws,
  aliases: readonly FoundAlias[],
  {records, patience}: {readonly records: readonly TrafficRecord[]; readonly patience: Patience},
  signal: AbortSignal,
): Promise<readonly AliasPast[]> {
  const now = aws.clock.now()
  const listed = await Promise.all(
    aliases.map(({functionName}) =>
      inTime(patience, signal, 'list versions', async stopped => ({
        value: await publishedVersions(aws, functionName, stopped),
      })),
    ),
  )
  const numbersOf = (at: number): readonly string[] => {
    const known = listed[at]
    return known && isKnown(known) ? known.value.map(({Version}) => Version) : []
  }
  const [served, deployed] = await Promise.all([
    inTime(patience, signal, 'read metrics', async stopped => ({
      value: await readServedVersions(
        aws,
        aliases.map((alias, at) => ({...alias, versions: numbersOf(at)})),
        {start: now - measuredMs, end: now},
        stopped,
      ),
    })),
    Promise.all(
      aliases.map(alias =>
        inTime(patience, signal, 'look at CodeDeploy', stopped =>
          pastDeployments(aws, alias, {start: now - deployedMs, end: now}, stopped),
        ),
      ),
    ),
  ])
  return aliases.map((alias, at) => {
    const {version} = alias.state
    const measured = isKnown(served) ? (served.value[at] ?? nobodyAsked) : served
    const deployments = deployed[at] ?? nobodyAsked
    const versions = listed[at] ?? nobodyAsked
    return {
      pasts: [
        journaledPast(records, alias, version),
        ...(isKnown(deployments) ? [deployedPast(deployments.value, version)] : []),
        ...(isKnown(measured) ? [measuredPast(measured.value, version)] : []),
      ],
      served: isKnown(measured) ? measured.value : [],
      versions: isKnown(versions) ? versions.value.map(publishedOf).reverse() : [],
      notes: [
        ...unread('versions', versions),
        ...unread('the metrics of versions', measured),
        ...unread('past deployments of CodeDeploy', deployments),
      ],
    }
  })
}

const nobodyAsked: Unknown = {unknown: 'failed', detail: 'AWS did not say'}

const publishedOf = ({
  Version,
  LastModified = '',
}: {
  readonly Version: string
  readonly LastModified?: string | undefined
}) => ({
  version: Version,
  publishedAt: Date.parse(LastModified) || null,
})

const unread = (what: string, known: Known<unknown>): readonly string[] =>
  isKnown(known) || known.unknown === 'not-read' ? [] : [`${what} could not be read: ${known.detail}`]
