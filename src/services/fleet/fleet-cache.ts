import {createHash} from 'node:crypto'
import {readdir, rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {makeDirectory} from '../../make-directory.ts'
import type {Aws} from '../aws/connect.ts'
import {fileFailure} from '../file-failure.ts'
import {type AnswersFile, type AnswerUse, isAnswersFile, openAnswersFile} from './answers-file.ts'

/**
 * Answers of AWS kept on disk (0600), so that a scan which was killed goes on where it was and the next one need not ask
 * again for what has not changed.
 */
export type FleetCache = {
  /**
   * What is kept under a key and not older than so many ms.
   * @param key what was asked, of which account, region and function revision: everything the answer depends on. Its first
   *   word is the place of {@link cachePlace}, and decides which file it is in
   */
  get<T>(key: string, maxAgeMs: number): {readonly value: T; readonly at: number} | undefined
  /**
   * Keeps an answer; it is JSON, and holds no secret. It is on its way to the disk by the next turn of the event loop, so that
   * a killed process loses nothing that it had waited for.
   * @param keepMs after which nobody will ask for it any more; two days where nothing is said
   * @param use `later`: this run will not ask for it again, and holds nothing of it; there may be a million such
   */
  put(key: string, value: unknown, keepMs?: number, use?: AnswerUse): void
  /** Resolves when everything put so far is on disk. */
  flush(): Promise<void>
}

export type OpenFleetCacheOptions = {
  /** below XDG's cache directory; null keeps nothing */
  readonly directory: string | null
  /** epoch ms */
  readonly now: () => number
  /** what is there is not used, and replaced */
  readonly fresh: boolean
  /** of one account and region: when it holds so much, nothing is added; 512 MB where nothing is said */
  readonly mostBytes?: number
}

/** A cache, and what is to be known of it, a sentence each; more may come while it is used. */
type OpenedFleetCache = {readonly cache: FleetCache; readonly notices: readonly string[]}

const mostByDefaultBytes = 512 * 2 ** 20
const keptByDefaultMs = 48 * 3_600_000
/** nobody has looked at that account and region for so long */
const forgottenAfterMs = 7 * 24 * 3_600_000
/** it takes seconds: whose this is was killed */
const draftAfterMs = 10 * 60_000
const fileName = /^[0-9a-f]{24}\.ndjson/

/**
 * What keys of a region's answers begin with: the endpoint, the account and the region, so that answers of one never pass
 * for another's. Null where nothing is to be kept: the embedded AWS answers at once, and who the account is must be known.
 */
export function cachePlace({scope, foreignOrigins}: Aws, account: string | null): string | null {
  if (scope.endpoint === 'sandbox' || account === null) return null
  return [...(foreignOrigins.length > 0 ? foreignOrigins : ['aws']), account, scope.region].join('|')
}

/**
 * Opens the cache; one that cannot be read or written is an empty one, and `notices` says so. Several processes may have it
 * open: each sees what was there when it first asked, and what it puts itself.
 */
export async function openFleetCache({
  directory,
  now,
  fresh,
  mostBytes = mostByDefaultBytes,
}: OpenFleetCacheOptions): Promise<OpenedFleetCache> {
  if (directory === null) return {cache: keepsNothing, notices: []}
  const notices: string[] = []
  try {
    await makeDirectory(directory)
    notices.push(...(await tidy(directory, now())))
  } catch (error) {
    return {cache: keepsNothing, notices: [withoutText(directory, error)]}
  }
  const files = new Map<string, AnswersFile | null>()
  let isBroken = false
  const without = (error: unknown): null => {
    if (!isBroken) notices.push(withoutText(directory, error))
    isBroken = true
    return null
  }
  const fileOf = (key: string): AnswersFile | null => {
    const place = key.slice(0, Math.max(0, key.indexOf(' ')))
    let file = files.get(place)
    if (file === undefined) {
      try {
        file = openAnswersFile(join(directory, nameOf(place)), {now, fresh, mostBytes, onFailure: without})
      } catch (error) {
        file = without(error)
      }
      files.set(place, file)
    }
    return file
  }
  return {
    notices,
    cache: {
      get<T>(key: string, maxAgeMs: number) {
        const found = fileOf(key)?.read(key)
        // one of the future was written by a clock that was wrong
        if (!found || now() - found.at > maxAgeMs || found.at > now()) return undefined
        return {value: found.value as T, at: found.at}
      },
      put(key, value, keepMs = keptByDefaultMs, use = 'now') {
        fileOf(key)?.add(key, value, now(), keepMs, use)
      },
      async flush() {
        for (const file of files.values()) file?.flush()
      },
    },
  }
}

const keepsNothing: FleetCache = {get: () => undefined, put() {}, async flush() {}}

const nameOf = (place: string): string => `${createHash('sha256').update(place).digest('hex').slice(0, 24)}.ndjson`

/** Takes away what nobody has used for long, and files that are not of this kind. */
async function tidy(directory: string, now: number): Promise<readonly string[]> {
  const notices: string[] = []
  for (const name of await readdir(directory)) {
    if (!fileName.test(name)) continue
    const path = join(directory, name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) continue
    // a draft of what was to take its place
    const isDraft = !name.endsWith('.ndjson')
    const isReadable = isDraft || (await isAnswersFile(path))
    if (!isReadable) notices.push(`what earlier scans kept in ${path} could not be read: it begins anew`)
    const lastsMs = isDraft ? draftAfterMs : forgottenAfterMs
    if (!isReadable || now - found.mtimeMs > lastsMs) await rm(path, {force: true})
  }
  return notices
}

const withoutText = (directory: string, error: unknown): string =>
  `what this scan reads is not kept for the next one: ${directory}: ${fileFailure('write', error)}`
