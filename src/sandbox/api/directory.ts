import type {Service, WireRequest} from '../wire/service.ts'
import type {Context} from './context.ts'

type Entry = {
  readonly signingName: string
  /** as people call it */
  readonly title: string
  /** how an unsigned request shows that it is meant for this service */
  readonly target?: string
  readonly apiVersion?: string
  readonly path?: RegExp
  readonly load: () => Promise<{readonly service: Service<Context>}>
}

// An SDK package takes some 10 to 40 ms to load, so each waits for the first request of its service.
const entries: readonly Entry[] = [
  {signingName: 'logs', title: 'CloudWatch Logs', target: 'Logs_20140328', load: () => import('./logs.ts')},
  {
    signingName: 'lambda',
    title: 'Lambda',
    path: /^\/20\d\d-\d\d-\d\d\//,
    load: () => import('./lambda.ts'),
  },
  {signingName: 'xray', title: 'X-Ray', path: /^\/[A-Z]\w+$/, load: () => import('./xray.ts')},
  {
    signingName: 'monitoring',
    title: 'CloudWatch',
    target: 'GraniteServiceVersion20100801',
    apiVersion: '2010-08-01',
    path: /^\/service\/GraniteServiceVersion20100801\//,
    load: () => import('./cloudwatch.ts'),
  },
  {
    signingName: 'tagging',
    title: 'Resource Groups Tagging',
    target: 'ResourceGroupsTaggingAPI_20170126',
    load: () => import('./tagging.ts'),
  },
  {
    signingName: 'cloudformation',
    title: 'CloudFormation',
    apiVersion: '2010-05-15',
    load: () => import('./cloudformation.ts'),
  },
  {
    signingName: 'sqs',
    title: 'SQS',
    target: 'AmazonSQS',
    apiVersion: '2012-11-05',
    load: () => import('./sqs.ts'),
  },
  {signingName: 'events', title: 'EventBridge', target: 'AWSEvents', load: () => import('./eventbridge.ts')},
  {
    signingName: 'scheduler',
    title: 'EventBridge Scheduler',
    path: /^\/schedules(\/|$)/,
    load: () => import('./scheduler.ts'),
  },
  {
    signingName: 'codedeploy',
    title: 'CodeDeploy',
    target: 'CodeDeploy_20141006',
    load: () => import('./codedeploy.ts'),
  },
  {signingName: 'account', title: 'Account Management', path: /^\/listRegions$/, load: () => import('./account.ts')},
  {
    signingName: 'pricing',
    title: 'Price List',
    target: 'AWSPriceListService',
    load: () => import('./pricing.ts'),
  },
  {signingName: 'sts', title: 'STS', apiVersion: '2011-06-15', load: () => import('./sts.ts')},
]

/** The services there are, as in a sentence. */
export const servicesHad = (): string => new Intl.ListFormat('en').format(entries.map(({title}) => title))

/** The scope of a SigV4 credential: `Credential=<key>/<date>/<region>/<service>/aws4_request`. */
export type CredentialScope = {readonly region: string; readonly service: string}

export function credentialScope(request: WireRequest): CredentialScope | undefined {
  const parts = /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '')
  return parts ? {region: parts[1] ?? '', service: parts[2] ?? ''} : undefined
}

/** The service a request is meant for: by its credential scope, or unsigned by target, form version or path; undefined for others. */
export async function findService(
  request: WireRequest,
  scope: CredentialScope | undefined,
): Promise<Service<Context> | undefined> {
  const entry = scope
    ? entries.find(({signingName}) => signingName === scope.service)
    : entries.find(isMeantBy(request))
  return entry && (await entry.load()).service
}

function isMeantBy(request: WireRequest): (entry: Entry) => boolean {
  const target = request.headers['x-amz-target']
  if (target !== undefined) return entry => entry.target !== undefined && entry.target === String(target).split('.')[0]
  if (request.method === 'POST' && request.url.pathname === '/') {
    const version = new URLSearchParams(request.body.toString()).get('Version')
    return entry => version !== null && entry.apiVersion === version
  }
  return entry => entry.path?.test(request.url.pathname) ?? false
}
