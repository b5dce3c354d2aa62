import {usageError} from '../../errors.ts'
import {sdk} from './sdk.ts'

/** The services that slsops has clients for, by the SDK's service ids. */
const serviceIds = {
  account: 'Account',
  logs: 'CloudWatch Logs',
  lambda: 'Lambda',
  sts: 'STS',
  cloudFormation: 'CloudFormation',
  tagging: 'Resource Groups Tagging API',
  cloudWatch: 'CloudWatch',
  codeDeploy: 'CodeDeploy',
  xray: 'XRay',
  sqs: 'SQS',
  eventBridge: 'EventBridge',
  scheduler: 'Scheduler',
  pricing: 'Pricing',
} as const

export type ServiceName = keyof typeof serviceIds

/** Where services answer that were led elsewhere than the SDK would go by itself. */
export type Endpoints = Readonly<Partial<Record<ServiceName, string>>>

const names = Object.keys(serviceIds) as readonly ServiceName[]
const awsHost = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)$/
const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/

/** without user and password, which a URL may hold */
const shown = (url: string): string => url.replace(/^([a-z]+:\/\/)?.*@/i, '$1')

function checkUrl(url: string): void {
  if (/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return
  throw usageError(
    `the endpoint override ${shown(url)} is no URL`,
    'AWS_ENDPOINT_URL and endpoint_url take one like http://127.0.0.1:4566',
  )
}

type IniSection = Readonly<Record<string, string | undefined>>

/**
 * Endpoint overrides of the environment (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_LAMBDA`, …) and of the shared configuration
 * (`endpoint_url` of the profile or of its services section), as the AWS SDKs and Tools reference orders them:
 * environment before file, a service's own before the general one.
 * @throws UserError (exit 2) for an override that is no URL
 */
export async function configuredEndpoints(profile: string | null): Promise<Endpoints> {
  const {loadConfig} = sdk.config()
  const options = profile === null ? {} : {profile}
  const ignored = await loadConfig(
    {
      environmentVariableSelector: env => /^true$/i.test(env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? '') || undefined,
      configFileSelector: section => /^true$/i.test(section['ignore_configured_endpoint_urls'] ?? '') || undefined,
      default: false,
    },
    options,
  )()
  if (ignored) return {}
  const found = await Promise.all(names.map(async name => [name, await endpointOf(name)] as const))
  for (const [, url] of found) if (url !== '') checkUrl(url)
  return Object.fromEntries(found.filter(([, url]) => url !== ''))

  function endpointOf(name: ServiceName): Promise<string> {
    const words = serviceIds[name].split(' ')
    const own = words.join('_')
    return loadConfig(
      {
        environmentVariableSelector: env =>
          env[`AWS_ENDPOINT_URL_${own.toUpperCase()}`] || env['AWS_ENDPOINT_URL'] || undefined,
        configFileSelector: (section, file) => {
          const services: IniSection = file?.[`services.${section['services']}`] ?? {}
          return services[`${own.toLowerCase()}.endpoint_url`] || section['endpoint_url'] || undefined
        },
        default: '',
      },
      options,
    )()
  }
}

/** The overrides that do not lead to AWS itself, as a VPC endpoint does: without what a URL may hold of secrets. */
export function foreignOrigins(endpoints: Endpoints): readonly string[] {
  const urls = Object.values(endpoints).filter(url => !awsHost.test(hostOf(url)))
  return [...new Set(urls.map(url => new URL(url).origin))]
}

/** Whether a URL leads to this machine, where no quota of AWS's holds. */
export function isLoopback(url: string | undefined): boolean {
  return url !== undefined && loopbackHost.test(hostOf(url))
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url
}
