export type CustomEndpoint = {
  readonly urls: readonly string[]
  /** every override is on this machine, where no quota of AWS's holds */
  readonly onlyLoopback: boolean
}

const overridePattern = /^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/
const awsHost = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)$/
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/

/** Endpoint overrides in the environment that lead elsewhere than to AWS; a VPC endpoint of AWS's own is no other place. */
export function customEndpoint(environment: Readonly<Record<string, string | undefined>>): CustomEndpoint | null {
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
