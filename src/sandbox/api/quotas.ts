import quotas from '../../data/quotas.json' with {type: 'json'}

export type Quotas = {
  /** Whether a call may pass now; each that may is counted. */
  readonly admit: (region: string, service: string, operation: string) => boolean
}

type Bucket = {tokens: number; filledAt: number}

const published: Readonly<Record<string, Readonly<Record<string, number>>>> = quotas.callsPerSecond

/**
 * A token bucket per region and API, one second deep, at the published calls a second (src/data/quotas.json);
 * an API without a published quota is not limited.
 * @param now epoch ms, or any other clock that runs: a frozen one never refills a bucket
 * @param rates calls a second by operation, instead of the published ones
 */
export function createQuotas(now: () => number, rates: Readonly<Record<string, number>> = {}): Quotas {
  const buckets = new Map<string, Bucket>()
  return {
    admit: (region, service, operation) => {
      const api = rates[operation] === undefined ? sharedName(service, operation) : operation
      const rate = rates[operation] ?? published[api]?.[region] ?? published[api]?.['default']
      if (rate === undefined) return true
      const key = `${region}/${service}/${api}`
      const bucket = buckets.get(key) ?? {tokens: rate, filledAt: now()}
      buckets.set(key, bucket)
      const time = now()
      bucket.tokens = Math.min(rate, bucket.tokens + ((time - bucket.filledAt) / 1000) * rate)
      bucket.filledAt = time
      if (bucket.tokens < 1) return false
      bucket.tokens--
      return true
    },
  }
}

const ofTheirOwn: ReadonlySet<string> = new Set(['GetFunction', 'GetPolicy', 'Invoke'])

/** Lambda counts its control plane together, but for a few operations; CloudFormation counts every call together. */
function sharedName(service: string, operation: string): string {
  if (service === 'lambda' && !ofTheirOwn.has(operation)) return 'LambdaControlPlane'
  return service === 'cloudformation' ? 'CloudFormation' : operation
}
