// A function as its writes have left it: each takes effect in its turn, and an update takes a moment.
import type {FunctionChange, StoredCode, VersionSettings} from '../changes.ts'
import {withAlias, withProvisioned} from './alias-changes.ts'
import type {Account} from './log-events.ts'
import {mix, textKey, uuid} from './random.ts'
import type {SandboxFunction} from './sandbox-function.ts'
import {ownSettings, settingsOf} from './version-settings.ts'

/** A function after some of its writes. */
export type Standing = {
  /** as the last write left it, whether it has settled or not */
  readonly fn: SandboxFunction
  /** as it was before the last update, and serves until that has settled */
  readonly before: SandboxFunction
  readonly isNew: boolean
  /** epoch ms at which the last update has settled */
  readonly settledAt: number
  /** what its revision follows from */
  readonly revision: number
  /** whether its revision is still that of the company's history */
  readonly isPristine: boolean
  /** how many writes to its aliases there were */
  readonly aliasWrites: number
  /** numbers are never given out again */
  readonly lastVersion: number
  /** what `$LATEST` was when a version was published from it */
  readonly published: ReadonlyMap<string, string>
}

export type ChangeContext = {
  readonly where: Account
  /** how long an update takes, in ms; those of images and of functions in a VPC take longer */
  readonly settlingMs: number
}

/** A function of the company before any write. */
export function untouched(fn: SandboxFunction): Standing {
  const [latest, last] = [fn.versions[0], fn.versions.at(-1)]
  const published = new Map<string, string>()
  // it was released from what $LATEST is
  if (latest && last && last !== latest && !last.settings && last.memorySizeMB === latest.memorySizeMB)
    published.set(last.version, contentOf(fn))
  return {
    fn,
    before: fn,
    isNew: false,
    settledAt: Number.NEGATIVE_INFINITY,
    revision: textKey(`revision ${fn.name} ${latest?.revisionId}`),
    isPristine: true,
    aliasWrites: 0,
    lastVersion: Math.max(0, ...fn.versions.map(({version}) => Number(version)).filter(Number.isFinite)),
    published,
  }
}

/** What a version that is published now would be made of, its number and time aside. */
function contentOf(fn: SandboxFunction): string {
  return JSON.stringify([settingsOf(fn), fn.versions[0]?.codeSha256])
}

/** The version that publishing gives again, where nothing was changed since it was published. */
export function unchangedVersion({fn, published}: Standing): string | undefined {
  const last = fn.versions.slice(1).at(-1)?.version
  return last !== undefined && published.get(last) === contentOf(fn) ? last : undefined
}

/** A function after one more write; undefined where there is none. */
export function afterChange(
  standing: Standing | undefined,
  change: FunctionChange,
  context: ChangeContext,
): Standing | undefined {
  if (change.kind === 'function-created') return created(change, context)
  if (!standing || change.kind === 'function-deleted') return undefined
  const {fn, revision} = standing
  const written = {...standing, isPristine: false, revision: mix(revision, 1)}
  switch (change.kind) {
    case 'configuration-changed':
      return {...written, ...updated(fn, withSettings(fn, change.settings, change.at), change.at, context)}
    case 'code-changed':
      return {...written, ...updated(fn, withCode(fn, change.code, change.at), change.at, context)}
    case 'version-published':
      return unchangedVersion(standing) ? standing : published(written, change, context)
    case 'version-deleted':
      return {...standing, fn: {...fn, versions: fn.versions.filter(({version}) => version !== change.version)}}
    case 'alias-created':
    case 'alias':
    case 'alias-deleted':
      // the revision of the function stays
      return {
        ...standing,
        fn: withAlias(fn, change, standing.aliasWrites),
        aliasWrites: standing.aliasWrites + 1,
      }
    case 'concurrency-provisioned':
      return {...standing, fn: withProvisioned(fn, change)}
    case 'concurrency-reserved':
      return {...standing, fn: {...fn, reservedConcurrency: change.count}}
    case 'function-tagged':
      return {...written, fn: {...fn, tags: {...fn.tags, ...change.tags}}}
    case 'function-untagged':
      return {
        ...written,
        fn: {...fn, tags: Object.fromEntries(Object.entries(fn.tags).filter(([key]) => !change.keys.includes(key)))},
      }
  }
}

/** A function as AWS describes it at a moment. */
export function describeStanding({fn, isNew, settledAt, revision, isPristine}: Standing, now: number): SandboxFunction {
  if (isPristine) return fn
  const isSettled = now >= settledAt
  // the revision changes with a write, and again when that has settled
  const key = mix(revision, isSettled ? 3 : 2)
  return {
    ...fn,
    ...(isNew && {state: isSettled ? 'Active' : 'Pending'}),
    lastUpdate: isSettled || isNew ? 'Successful' : 'InProgress',
    versions: fn.versions.map((version, i) => (i === 0 ? {...version, revisionId: uuid(key, mix(key, 4))} : version)),
  }
}

/** A function as it serves invocations at a moment: while an update is in progress, as it was before it. */
export function servingAt(standing: Standing, now: number): SandboxFunction {
  const {fn, before, isNew, settledAt} = standing
  if (now >= settledAt || isNew) return describeStanding(standing, now)
  const {tags, reservedConcurrency, aliases} = fn
  const versions = [...before.versions.slice(0, 1), ...fn.versions.slice(1)]
  return describeStanding({...standing, fn: {...before, tags, reservedConcurrency, aliases, versions}}, now)
}

function updated(
  before: SandboxFunction,
  fn: SandboxFunction,
  at: number,
  context: ChangeContext,
): Pick<Standing, 'fn' | 'before' | 'isNew' | 'settledAt'> {
  return {fn, before, isNew: false, settledAt: at + settlingOf(fn, context)}
}

/** Images are fetched, and networks are joined, before an update has settled. */
const settlingOf = (fn: Pick<SandboxFunction, 'packageType' | 'vpc'>, {settlingMs}: ChangeContext) =>
  settlingMs * (fn.packageType === 'Image' || fn.vpc ? 3 : 1)

/** A snapshot is made for each version that is published. */
const snapshotTimes = 6

function published(
  standing: Standing,
  {description, at}: Extract<FunctionChange, {readonly kind: 'version-published'}>,
  {settlingMs}: ChangeContext,
): Standing {
  const {fn, revision, lastVersion} = standing
  const version = String(lastVersion + 1)
  const key = mix(revision, 5)
  const made = fn.versions.slice(0, 1).map(latest => ({
    ...latest,
    version,
    description,
    publishedAt: at,
    revisionId: uuid(key, mix(key, 6)),
    ...(fn.snapStart && {activeAt: at + settlingMs * snapshotTimes}),
  }))
  return {
    ...standing,
    fn: {...fn, versions: [...fn.versions, ...made]},
    lastVersion: lastVersion + 1,
    published: new Map([...standing.published, [version, contentOf(fn)]]),
  }
}

function withSettings(fn: SandboxFunction, settings: Partial<VersionSettings>, at: number): SandboxFunction {
  const before = settingsOf(fn)
  const {memorySizeMB, timeoutSeconds, runtime, environment, ...ofFunction} = {...before, ...settings}
  return {
    ...fn,
    ...ofFunction,
    versions: fn.versions.map((version, i) =>
      i === 0
        ? {
            ...version,
            memorySizeMB,
            timeoutSeconds,
            runtime,
            environment,
            description: ofFunction.description,
            publishedAt: at,
          }
        : {...version, settings: version.settings ?? {...before, ...ownSettings(version)}},
    ),
  }
}

function withCode(fn: SandboxFunction, code: StoredCode, at: number): SandboxFunction {
  return {
    ...fn,
    versions: fn.versions.map((version, i) =>
      i === 0 ? {...version, ...codeMembers(code), publishedAt: at} : version,
    ),
  }
}

const codeMembers = ({sha256, codeSize, imageUri, behavesAs}: StoredCode) => ({
  codeSha256: sha256,
  codeSize,
  imageUri,
  behavesAs,
})

function created(
  {functionName, settings, code, tags, at}: Extract<FunctionChange, {readonly kind: 'function-created'}>,
  context: ChangeContext,
): Standing {
  const {memorySizeMB, timeoutSeconds, runtime, environment, ...ofFunction} = settings
  const revision = textKey(`created ${functionName} ${at}`)
  const fn: SandboxFunction = {
    ...ofFunction,
    name: functionName,
    tags,
    stack: '',
    logicalId: '',
    provisionedConcurrency: null,
    reservedConcurrency: null,
    state: 'Active',
    lastUpdate: 'Successful',
    masterArn: null,
    grants: [],
    urls: [],
    eventInvokeConfigs: [],
    aliases: [],
    versions: [
      {
        version: '$LATEST',
        description: settings.description,
        publishedAt: at,
        memorySizeMB,
        timeoutSeconds,
        runtime,
        environment,
        revisionId: '',
        ...codeMembers(code),
      },
    ],
  }
  const settledAt = at + settlingOf(fn, context)
  return {
    fn,
    before: fn,
    isNew: true,
    settledAt,
    revision,
    isPristine: false,
    aliasWrites: 0,
    lastVersion: 0,
    published: new Map(),
  }
}
