import {serveAws} from './server.ts'
import {defaultSeed, openState, resetState} from './state.ts'
import {createWorld, createWorldsAbroad} from './world/create-world.ts'

export type SandboxSettings = {
  /** where the state file is kept; null keeps it in memory */
  readonly directory: string | null
  readonly seed?: number | undefined
  /** how many functions the company has; the 31 or so of the default company when absent */
  readonly scale?: number | undefined
  /** a free one when absent */
  readonly port?: number | undefined
  /** whether AWS's quotas are kept: too many calls a second are then refused */
  readonly quotas?: boolean
  /** epoch ms */
  readonly now: () => number
  /** waits by the same clock, where that is not the machine's */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

export type Sandbox = {
  readonly url: string
  readonly port: number
  /** where most of the company lives, and requests belong that name no region */
  readonly region: string
  readonly account: string
  /** what a person should know, as that an old incident was replaced by a new one */
  readonly notices: readonly string[]
  close(): Promise<void>
}

/**
 * Boots the embedded AWS on a free loopback port.
 * @throws an Error with code EADDRINUSE when a given port is taken
 */
export async function bootSandbox({
  directory,
  seed = defaultSeed,
  scale,
  port,
  quotas = false,
  now,
  sleep,
}: SandboxSettings): Promise<Sandbox> {
  const state = await openState({directory, now, seed})
  const world = createWorld({seed, now, company: 'larder', ...(scale !== undefined && {scale}), state})
  const abroad = createWorldsAbroad({seed, now, state})
  const {
    url,
    port: bound,
    close,
  } = await serveAws({
    world,
    abroad,
    quotas,
    ...(port !== undefined && {port}),
    ...(sleep && {liveTick: sleep}),
  })
  return {url, port: bound, region: world.region, account: world.account, notices: state.notices, close}
}

/** Forgets what was changed, so that the next use starts anew. */
export async function resetSandbox({directory}: Pick<SandboxSettings, 'directory'>): Promise<void> {
  if (directory !== null) await resetState(directory)
}
