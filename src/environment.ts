import {usageError} from './errors.ts'

/** The process's environment, as far as slsops itself reads it. */
type Environment = Readonly<Record<string, string | undefined>>

/** `SLSOPS_SANDBOX=1`: the embedded AWS instead of an account. */
export function wantsSandbox({SLSOPS_SANDBOX: wanted}: Environment): boolean {
  return wanted !== undefined && !['', '0', 'false', 'no'].includes(wanted.toLowerCase())
}

export type SandboxPlace = {
  /** where its state is kept: below XDG's state directory, for each clock that is given its own; null without a home */
  readonly directory: string | null
  readonly seed: number | undefined
  /** epoch ms */
  readonly now: () => number
  /** waits as long as this takes by that clock */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/**
 * How the embedded AWS is to be set up.
 * @throws UserError (exit 2) for a seed that is no whole number, and for a clock that is no time
 */
export function sandboxSettings(environment: Environment, now: () => number): SandboxPlace {
  const {SLSOPS_SANDBOX_SEED: seed, XDG_STATE_HOME, HOME, USERPROFILE} = environment
  const home = HOME || USERPROFILE
  const state = XDG_STATE_HOME || (home ? `${home}/.local/state` : null)
  if (seed !== undefined && !Number.isSafeInteger(Number(seed || Number.NaN)))
    throw usageError(`SLSOPS_SANDBOX_SEED is not a whole number: ${seed}`)
  // at another time the incident is another: it must not take the place of the one of today
  const clock = clockGiven(environment)
  const ofClock = clock === null ? '' : `/clock-${new Date(clock).toISOString().replaceAll(':', '-')}`
  return {
    directory: state === null ? null : `${state}/slsops/sandbox${ofClock}`,
    seed: seed === undefined ? undefined : Number(seed),
    now,
  }
}

/**
 * How far `SLSOPS_SANDBOX_CLOCK` is from the machine's clock, in ms; it runs on from there.
 * @throws UserError (exit 2) for what is no time
 */
export function sandboxClockOffset(environment: Environment, now: number): number {
  const at = clockGiven(environment)
  return at === null ? 0 : at - now
}

const fastest = 3600

/**
 * How many times as fast as the machine's clock that of the embedded AWS runs, by `SLSOPS_SANDBOX_SPEED`.
 * @throws UserError (exit 2) for what is no whole number from 1 to 3600
 */
export function sandboxSpeed({SLSOPS_SANDBOX_SPEED: text}: Environment): number {
  if (!text) return 1
  const speed = Number(text)
  if (!/^\d+$/.test(text) || speed < 1 || speed > fastest)
    throw usageError(
      `SLSOPS_SANDBOX_SPEED is not a whole number from 1 to ${fastest}: ${text}`,
      '60 makes a minute of the embedded AWS pass in a second',
    )
  return speed
}

/** epoch ms; null where none is given */
function clockGiven({SLSOPS_SANDBOX_CLOCK: text}: Environment): number | null {
  if (!text) return null
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw usageError(`SLSOPS_SANDBOX_CLOCK is not a time: ${text}`, 'give it as 2026-11-20T14:00:00Z')
  return at
}

/** What completion has of the environment. */
export type CompletionPlace = {
  /** where names are kept from one TAB to the next, below XDG's cache directory; null without a home */
  readonly directory: string | null
  /** files of the shared AWS configuration */
  readonly configFiles: readonly string[]
  /** where journals of runs are; null without a home */
  readonly journals: string | null
  readonly sandbox: boolean
  /** what decides which account and region answer, flags aside */
  readonly account: readonly string[]
}

const decidesAccount =
  /^AWS_(PROFILE|REGION|DEFAULT_REGION|ACCESS_KEY_ID|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE|CONTAINER_CREDENTIALS_\w+_URI|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ENDPOINT_URL\w*|IGNORE_CONFIGURED_ENDPOINT_URLS)$/

/** Where completion keeps names, and for whom. */
export function completionPlace(environment: Environment): CompletionPlace {
  const {XDG_CACHE_HOME, HOME, USERPROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE} = environment
  const home = HOME || USERPROFILE
  const cache = XDG_CACHE_HOME || (home ? `${home}/.cache` : null)
  const ofHome = (name: string): string | undefined => (home ? `${home}/.aws/${name}` : undefined)
  return {
    directory: cache === null ? null : `${cache}/slsops/names`,
    configFiles: [AWS_CONFIG_FILE || ofHome('config'), AWS_SHARED_CREDENTIALS_FILE || ofHome('credentials')].filter(
      path => path !== undefined,
    ),
    journals: journalsPlace(environment),
    sandbox: wantsSandbox(environment),
    account: Object.keys(environment)
      .filter(name => decidesAccount.test(name))
      .sort()
      .map(name => `${name}=${environment[name]}`),
  }
}

/** Where scans keep answers for the next one, below XDG's cache directory; null without a home. */
function fleetCachePlace({XDG_CACHE_HOME, HOME, USERPROFILE}: Environment): string | null {
  const home = HOME || USERPROFILE
  const directory = XDG_CACHE_HOME || (home ? `${home}/.cache` : null)
  return directory === null ? null : `${directory}/slsops/fleet`
}

/** Where the config file is, below XDG's config directory; null without a home. Never the working directory: what lies there is not the user's. */
export function configPath({XDG_CONFIG_HOME, HOME, USERPROFILE}: Environment): string | null {
  const home = HOME || USERPROFILE
  const directory = XDG_CONFIG_HOME || (home ? `${home}/.config` : null)
  return directory === null ? null : `${directory}/slsops/config.json`
}

/** Where what changes AWS is written down before it is done, below XDG's state directory; null without a home. */
function journalsPlace({XDG_STATE_HOME, HOME, USERPROFILE}: Environment): string | null {
  const home = HOME || USERPROFILE
  const directory = XDG_STATE_HOME || (home ? `${home}/.local/state` : null)
  return directory === null ? null : `${directory}/slsops/journals`
}

/** Where slsops keeps what is the user's: null without a home. */
export const userPlaces = (
  environment: Environment,
): {readonly config: string | null; readonly fleetCache: string | null; readonly journals: string | null} => ({
  config: configPath(environment),
  fleetCache: fleetCachePlace(environment),
  journals: journalsPlace(environment),
})
