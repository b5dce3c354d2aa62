import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {type Names, namesText, noNames, parseNames} from './names.ts'

/** Names as they were listed last: in a file of their own for each account and region, that is as old as they are. */
export type KeptNames = {
  readonly names: Names
  /** epoch ms; null where none were ever listed */
  readonly listedAt: number | null
}

const freshMs = 10 * 60_000
/** A refresh ends by itself long before; what failed is not tried again so soon. */
const attemptMs = 60_000
const forgottenMs = 7 * 24 * 3_600_000

/** Nothing where there is no file, or none that can be read. */
export function readNames(path: string): KeptNames {
  try {
    const names = parseNames(readFileSync(path, 'utf8'))
    if (names) return {names, listedAt: statSync(path).mtimeMs}
  } catch {
    // as good as none
  }
  return {names: noNames, listedAt: null}
}

/**
 * Puts names in the place of those kept, in one step and for the user's eyes only.
 * @throws what the file system says
 */
export function writeNames(path: string, names: Names): void {
  mkdirSync(dirname(path), {recursive: true, mode: 0o700})
  const temporary = `${path}.new`
  writeFileSync(temporary, namesText(names), {mode: 0o600})
  renameSync(temporary, path)
}

/** Whether names should be listed anew: ten minutes later, or where the clock was set back. */
export function isStale({listedAt}: KeptNames, now: number): boolean {
  return listedAt === null || Math.abs(now - listedAt) > freshMs
}

/**
 * Whether the caller is the one to list names now: once a minute at most, however many ask, and whatever came of it.
 * The mark is not taken back: a success is known by the names, and a failure is to be left alone for the minute.
 */
export function claimRefresh(path: string, now: number): boolean {
  const mark = `${path}.attempt`
  try {
    const found = statSync(mark, {throwIfNoEntry: false})
    if (found && Math.abs(now - found.mtimeMs) < attemptMs) return false
    rmSync(mark, {force: true})
    mkdirSync(dirname(path), {recursive: true, mode: 0o700})
    writeFileSync(mark, '', {flag: 'wx', mode: 0o600})
    return true
  } catch {
    // another was quicker, or nothing can be kept here
    return false
  }
}

/** Removes what nobody has refreshed for a week before a file: temporary credentials make a new one each time they change. */
export function forgetOldNames(newest: string): void {
  const now = statSync(newest, {throwIfNoEntry: false})?.mtimeMs
  if (now === undefined) return
  for (const name of readdirSync(dirname(newest))) {
    const path = join(dirname(newest), name)
    const found = statSync(path, {throwIfNoEntry: false})
    if (found?.isFile() && now - found.mtimeMs > forgottenMs) rmSync(path, {force: true})
  }
}
