import {readFile, stat} from 'node:fs/promises'
import {usageError} from '../errors.ts'
import {fileFailure} from '../services/file-failure.ts'
import type {ShiftWish} from '../services/traffic/plan/shift-plan.ts'

type VersionFlags = {readonly to?: string | undefined; readonly 'to-file'?: string | undefined}

/**
 * The versions that traffic moves to: that of `--to`, or by function those of `--to-file`.
 * @throws UserError (exit 2) for neither, both, and what is no version
 */
export async function versionsFrom({to, 'to-file': file}: VersionFlags): Promise<ShiftWish['to']> {
  if (to !== undefined && file !== undefined)
    throw usageError('--to and --to-file both say the version', 'give one of them')
  if (file !== undefined) return {kind: 'each', versions: versionsIn(await textOf(file), file)}
  if (to === undefined)
    throw usageError('the version that traffic is to move to is not said', 'name it: --to 42, or --to latest')
  const version = versionFrom(to, '--to')
  return version === latest ? {kind: 'latest'} : {kind: 'version', version}
}

const latest = 'latest'
const mostBytes = 1_000_000

/**
 * The version to go back to, null where none is named: by its number, since `latest` may be what hurts.
 * @throws UserError (exit 2) for what is no version
 */
export function earlierVersionFrom(to: string | undefined): string | null {
  if (to === undefined) return null
  const version = to.trim()
  if (/^[1-9]\d*$/.test(version)) return version
  throw usageError(
    version === '' ? '--to is empty' : `--to ${version} is no published version`,
    'name one by its number, as --to 41',
  )
}

/**
 * A published version: its number, or `latest`.
 * @throws UserError (exit 2)
 */
function versionFrom(text: string, flag: string): string {
  const version = text.trim()
  if (/^(?:[1-9]\d*|latest)$/.test(version)) return version
  if (/^\$?latest(?:\.published)?$/i.test(version))
    throw usageError(
      `${flag} ${version} is no published version: what it is changes with each deploy`,
      `${flag} latest is the newest published one; aws lambda publish-version publishes one`,
    )
  const digits = /^v?0*([1-9]\d*)$/i.exec(version)?.[1]
  throw usageError(
    version === '' ? `${flag} is empty` : `${flag} ${version} is no version`,
    `name it by its number, as in ${flag} ${digits ?? '42'}, or ${flag} latest`,
  )
}

async function textOf(file: string): Promise<string> {
  const {size} = await stat(file).catch(error => {
    throw usageError(`--to-file ${file}: ${fileFailure('read', error)}`, example)
  })
  if (size > mostBytes) throw usageError(`--to-file ${file} is larger than a list of versions`, example)
  return readFile(file, 'utf8').catch(error => {
    throw usageError(`--to-file ${file}: ${fileFailure('read', error)}`, example)
  })
}

const example = 'it holds {"checkout-api": "42", "orders": "7"}, or a function and its version a line'

/**
 * Versions by function: an object of JSON, or lines of `function version`.
 * @throws UserError (exit 2) with the line, or the name, that cannot be read
 */
function versionsIn(text: string, file: string): ReadonlyMap<string, string> {
  const content = text.replace(/^\uFEFF/, '').trim()
  const pairs = content.startsWith('{') ? pairsInJson(content, file) : pairsInLines(content, file)
  const versions = new Map<string, string>()
  for (const [name, version] of pairs) {
    if (!/^[\w-]{1,140}$/.test(name)) throw usageError(`--to-file ${file}: '${name}' is no function’s name`, example)
    if (versions.has(name)) throw usageError(`--to-file ${file} says ${name} twice`, 'give each function one version')
    versions.set(name, versionFrom(version, `--to-file ${file}: ${name}`))
  }
  if (versions.size === 0) throw usageError(`--to-file ${file} is empty`, example)
  return versions
}

type Pair = readonly [name: string, version: string]

function pairsInJson(content: string, file: string): readonly Pair[] {
  const parsed = (() => {
    try {
      return JSON.parse(content) as Readonly<Record<string, unknown>>
    } catch {
      throw usageError(`--to-file ${file} begins as JSON and is none`, example)
    }
  })()
  return Object.entries(parsed).map(([name, version]) => {
    if (typeof version === 'string' || typeof version === 'number') return [name, String(version)]
    throw usageError(`--to-file ${file}: the version of ${name} is neither text nor a number`, example)
  })
}

function pairsInLines(content: string, file: string): readonly Pair[] {
  return content.split(/\r?\n/).flatMap((line, i): Pair[] => {
    const words = line
      .replace(/#.*/, '')
      .split(/[\s,=]+/)
      .filter(Boolean)
    const [name, version, ...more] = words
    if (name === undefined) return []
    if (version === undefined || more.length > 0)
      throw usageError(`--to-file ${file}: line ${i + 1} is no function and version`, example)
    return [[name, version]]
  })
}
