import {usageError} from './errors.ts'

/** The process's environment, as far as slsops itself reads it. */
type Environment = Readonly<Record<string, string | undefined>>

export type CustomEndpoint = {
  readonly urls: readonly string[]
  /** every override is on this machine, where no quota of AWS's holds */
  readonly onlyLoopback: boolean
}

const overridePattern = /^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/
const awsHost = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)$/
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/

/** Endpoint overrides in the environment that lead elsewhere than to AWS; a VPC endpoint of AWS's own is no other place. */
export function customEndpoint(environment: Environment): CustomEndpoint | null {
  if (/^true$/i.test(environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? '')) return null
  const urls = Object.entries(environment)
    .filter(([name, value]) => overridePattern.test(name) && value)
    .map(([, value]) => value as string)
  const hosts = urls.map(hostOf)
  const foreign = urls.filter((_, i) => !awsHost.test(hosts[i] ?? ''))
  if (foreign.length === 0) return null
  return {urls: [...new Set(foreign)], onlyLoopback: hosts.every(host => loopback.test(host))}
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url
}

/** `SLSOPS_SANDBOX=1`: the embedded AWS instead of an account. */
export function wantsSandbox({SLSOPS_SANDBOX: wanted}: Environment): boolean {
  return wanted !== undefined && !['', '0', 'false', 'no'].includes(wanted.toLowerCase())
}

export type SandboxPlace = {
  /** where its state is kept: XDG's state directory; null without a home */
  readonly directory: string | null
  readonly seed: number | undefined
  /** epoch ms */
  readonly now: () => number
}

/**
 * How the embedded AWS is to be set up.
 * @throws UserError (exit 2) for a seed that is no whole number
 */
export function sandboxSettings(
  {SLSOPS_SANDBOX_SEED: seed, XDG_STATE_HOME, HOME, USERPROFILE}: Environment,
  now: () => number,
): SandboxPlace {
  const home = HOME || USERPROFILE
  const state = XDG_STATE_HOME || (home ? `${home}/.local/state` : null)
  if (seed !== undefined && !Number.isSafeInteger(Number(seed || Number.NaN)))
    throw usageError(`SLSOPS_SANDBOX_SEED is not a whole number: ${seed}`)
  return {
    directory: state === null ? null : `${state}/slsops/sandbox`,
    seed: seed === undefined ? undefined : Number(seed),
    now,
  }
}

/**
 * How far `SLSOPS_SANDBOX_CLOCK` is from the machine's clock, in ms; it runs on from there.
 * @throws UserError (exit 2) for what is no time
 */
export function sandboxClockOffset({SLSOPS_SANDBOX_CLOCK: text}: Environment, now: number): number {
  if (!text) return 0
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw usageError(`SLSOPS_SANDBOX_CLOCK is not a time: ${text}`, 'give it as 2026-11-20T14:00:00Z')
  return at - now
}
