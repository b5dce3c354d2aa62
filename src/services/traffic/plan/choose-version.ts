import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {UserError, usageError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {publishedVersions} from '../../targets/published-versions.ts'
import {notReadyCode, readVersion, readyVersion} from './read-version.ts'
import type {ShiftWish} from './shift-plan.ts'

/** The version that comes in. */
export type ChosenVersion = {
  readonly version: string
  readonly configuration: FunctionConfiguration
  /** why a newer one was passed over */
  readonly notes: readonly string[]
}

/** Newer versions that cannot be invoked are passed over so often: more of them are no accident. */
const mostPassedOver = 5
const shownVersions = 8

/**
 * The version that a function's traffic is to move to, once it can be invoked: the one that was named, or the newest published one
 * that is active, by their numbers as numbers.
 * @param serving the version that serves now, which need not be waited for, and which no older one takes the place of as the newest
 * @throws UserError where there is none (NoMatch), it is not named (exit 2), or cannot be invoked
 */
export async function chooseVersion(
  aws: Aws,
  name: string,
  {wanted, serving}: {readonly wanted: ShiftWish['to']; readonly serving: string},
  signal: AbortSignal,
): Promise<ChosenVersion> {
  const version = wanted.kind === 'each' ? wanted.versions.get(name) : wanted.kind === 'version' ? wanted.version : null
  if (version === undefined)
    throw usageError(`--to-file says no version of ${name}`, 'give each function its version, or take it out: !NAME')
  if (version === null || version === 'latest') return newestActive(aws, name, serving, signal)
  const read = version === serving ? readVersion : readyVersion
  const configuration = await read(aws, name, version, signal)
  if (configuration !== null) return {version, configuration, notes: []}
  const published = await newestFirst(aws, name, signal).catch(() => [])
  signal.throwIfAborted()
  throw new UserError(`${name} has no version ${version}`, {code: 'NoMatch', hint: listed(published)})
}

const listed = (versions: readonly string[]): string => {
  if (versions.length === 0) return 'aws lambda publish-version publishes one'
  const rest = versions.length - shownVersions
  return `the newest are ${versions.slice(0, shownVersions).join(', ')}${rest > 0 ? `, and ${rest} older ones` : ''}`
}

async function newestFirst(aws: Aws, name: string, signal: AbortSignal): Promise<readonly string[]> {
  const versions = await publishedVersions(aws, name, signal)
  return versions.map(({Version}) => Version).sort((one, other) => Number(other) - Number(one))
}

async function newestActive(aws: Aws, name: string, serving: string, signal: AbortSignal): Promise<ChosenVersion> {
  const versions = await newestFirst(aws, name, signal)
  const notes: string[] = []
  for (const version of versions.slice(0, mostPassedOver)) {
    try {
      const read = version === serving ? readVersion : readyVersion
      const configuration = await read(aws, name, version, signal)
      if (configuration !== null) return {version, configuration, notes}
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== notReadyCode) throw error
      notes.push(`${error.message}: an older one is latest then`)
    }
  }
  throw new UserError(
    versions.length === 0 ? `${name} has no published version` : `none of the newest versions of ${name} is active`,
    {code: 'NoMatch', hint: versions.length === 0 ? listed([]) : (notes[0] ?? listed(versions))},
  )
}

/** @throws UserError (exit 2) for versions of functions that are not among those that shift */
export function refuseStrangers(wanted: ShiftWish['to'], names: readonly string[]): void {
  if (wanted.kind !== 'each') return
  const strangers = [...wanted.versions.keys()].filter(name => !names.includes(name))
  if (strangers.length > 0)
    throw usageError(
      `--to-file names ${strangers.slice(0, shownVersions).join(', ')}, which the targets do not`,
      'name the same functions in both',
    )
}
