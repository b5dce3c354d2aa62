// The versions of the company's functions: what was built and published, and what alias `live` served of it.
import type {CompanyFunction} from './company.ts'
import {imageDigest, packageOf} from './function-code.ts'
import {memorySizeOf} from './invocations.ts'
import type {Account} from './log-events.ts'
import {draw, mix, textKey, uuid} from './random.ts'
import type {SandboxVersion} from './sandbox-function.ts'

const dayMs = 86_400_000

/** When the incident's version was released: about nine minutes before the sandbox was first used. */
function incidentAt(seed: number, firstUsedAt: number): number {
  return firstUsedAt - 9 * 60_000 + Math.floor(80_000 * (draw(mix(seed, 71)) - 0.5))
}

type ReleasePoint = {readonly version: string; readonly at: number}

/** What alias `live` of a function was set to, and when; the first one counts from ever before. */
export function releasePoints(definition: CompanyFunction, seed: number, firstUsedAt: number): readonly ReleasePoint[] {
  const key = textKey(definition.name, seed)
  const points = (definition.releases ?? []).map(({version, daysAgo}) => ({
    version: String(version),
    at: firstUsedAt - Math.floor((daysAgo + 0.4 * draw(mix(key, version))) * dayMs),
  }))
  if (definition.incidentVersion !== undefined)
    points.push({version: String(definition.incidentVersion), at: incidentAt(seed, firstUsedAt)})
  return points
}

/** Epoch ms of the day something of the company was created. */
export function createdAt({created}: Pick<CompanyFunction, 'created'>, firstUsedAt: number): number {
  return typeof created === 'string' ? Date.parse(created) : firstUsedAt - created.daysAgo * dayMs
}

/** Every build is a little larger or smaller. */
function codeSizeOf({codeSizeMB}: CompanyFunction, key: number, build: number): number {
  return Math.round(codeSizeMB * 1_048_576 * (0.97 + 0.03 * draw(mix(key, build))))
}

const imageRepository = (functionName: string, {account, region}: Account): string =>
  `${account}.dkr.ecr.${region}.amazonaws.com/${functionName}`

/** `$LATEST` first, then what was published, oldest first. */
export function versionsOf(
  definition: CompanyFunction,
  key: number,
  seed: number,
  firstUsedAt: number,
  where: Account,
): SandboxVersion[] {
  const points = releasePoints(definition, seed, firstUsedAt)
  const made = (version: string, description: string, publishedAt: number, build: number): SandboxVersion => ({
    version,
    description,
    publishedAt,
    memorySizeMB: memorySizeOf(definition, version),
    timeoutSeconds: definition.timeoutSeconds,
    runtime: definition.runtime,
    codeSize: codeSizeOf(definition, key, build),
    codeSha256:
      definition.packageType === 'Image'
        ? imageDigest(definition.name, build)
        : packageOf(definition.name, build).sha256,
    imageUri: definition.packageType === 'Image' ? `${imageRepository(definition.name, where)}:build-${build}` : null,
    behavesAs: definition.name,
    revisionId: uuid(mix(key, textKey(version)), mix(key, textKey(version) + 1)),
    environment: definition.environment ?? {},
  })
  const waiting = waitingPoints(definition, key, firstUsedAt)
  const latest = [...points, ...waiting].at(-1)
  const changedAt = latest?.at ?? firstUsedAt - Math.floor((3 + 200 * draw(mix(key, 72)) ** 2) * dayMs)
  return [
    made(
      '$LATEST',
      definition.description,
      Math.max(createdAt(definition, firstUsedAt), changedAt - 3 * 60_000),
      Number(latest?.version ?? 0),
    ),
    ...olderVersions(definition, key, points[0]?.at ?? changedAt, Number(points[0]?.version ?? Number.NaN)).map(
      ({version, at}) => made(version, buildOf(version), at, Number(version)),
    ),
    // a pipeline publishes first and moves the alias a little over a minute later
    ...points.map(({version, at}) => made(version, buildOf(version), at - 70_000, Number(version))),
    ...waiting.map(({version, at}) => made(version, buildOf(version), at, Number(version))),
  ]
}

/** What was published since the last release. */
function waitingPoints({waiting = []}: CompanyFunction, key: number, firstUsedAt: number): readonly ReleasePoint[] {
  return waiting.map(({version, daysAgo}) => ({
    version: String(version),
    at: firstUsedAt - Math.floor((daysAgo + 0.01 * draw(mix(key, version))) * dayMs),
  }))
}

/** Versions from before the first that is told of, oldest first: some weeks lie between one and the next. */
function olderVersions(
  {olderVersions: count = 0}: CompanyFunction,
  key: number,
  before: number,
  next: number,
): readonly ReleasePoint[] {
  const last = Number.isNaN(next) ? count : next - 1
  let at = before
  return Array.from({length: count}, (_, i) => {
    at -= Math.floor((9 + 34 * draw(mix(key, 7400 + i))) * dayMs)
    return {version: String(last - i), at}
  }).reverse()
}

/** What the pipeline writes as the description of a version, and of the alias that it moves. */
export const buildOf = (version: string) => `build ${400 + Number(version) * 9} (main)`
