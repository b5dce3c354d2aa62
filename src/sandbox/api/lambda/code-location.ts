// Where a function's code can be fetched: for zip files this very server, for some minutes, by a signed URL.
import {createHmac} from 'node:crypto'
import type {FunctionCodeLocation} from '@aws-sdk/client-lambda'
import {s3Xml} from '../../wire/query-xml.ts'
import type {WireRequest, WireResponse} from '../../wire/service.ts'
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxFunction, SandboxVersion} from '../../world/sandbox-function.ts'
import type {World} from '../../world/world.ts'
import type {Context} from '../context.ts'

/** AWS's own: "a presigned URL that you can use to download the deployment package", valid for 10 minutes. */
const validSeconds = 600
const folder = '/snapshots'

/** The Code of GetFunction. */
export function codeLocation(context: Context, fn: SandboxFunction, version: SandboxVersion): FunctionCodeLocation {
  const {imageUri, codeSha256} = version
  if (imageUri !== null)
    return {
      RepositoryType: 'ECR',
      ImageUri: imageUri,
      ResolvedImageUri: `${imageUri.replace(/(:[\w.-]+|@sha256:[0-9a-f]+)$/, '')}@sha256:${codeSha256}`,
    }
  const path = [folder, context.region, fn.name, version.version].map(encodeURI).join('/')
  const date = basicTime(context.now)
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': date,
    'X-Amz-Expires': String(validSeconds),
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': signature(path, date),
  })
  return {RepositoryType: 'S3', Location: `http://${context.host}${path}?${query}`}
}

/**
 * The answer to who fetches code by such a URL; undefined for every other request.
 * @param now epoch ms
 */
export function codeDownload(
  {method, url}: WireRequest,
  now: number,
  worldIn: (region: string) => World | undefined,
): WireResponse | undefined {
  const [region = '', name = '', version = ''] = url.pathname
    .slice(folder.length + 1)
    .split('/')
    .map(decoded)
  if (method !== 'GET' || !url.pathname.startsWith(`${folder}/`)) return undefined
  const date = url.searchParams.get('X-Amz-Date') ?? ''
  if (url.searchParams.get('X-Amz-Signature') !== signature(url.pathname, date))
    return refuse(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    )
  if (now > timeOf(date) + validSeconds * 1000) return refuse('AccessDenied', 'Request has expired', 403)
  const world = worldIn(region)
  const isThere = world?.function(name)?.versions.some(each => each.version === version)
  const bytes = isThere ? world?.functionCode(name, version) : undefined
  if (!bytes) return refuse('NoSuchKey', 'The specified key does not exist.', 404)
  return {status: 200, headers: {'content-type': 'application/zip'}, body: bytes}
}

const refuse = (name: string, message: string, status: number) =>
  s3Xml.writeError({errors: new Map()}, new ServiceError(name, message, {status}), '')

/** Whoever reads this can sign as well: it keeps a URL from being made up by accident, not by intent. */
const signature = (path: string, date: string) =>
  createHmac('sha256', 'larder').update(`${path}\n${date}`).digest('hex')

const basicTime = (epochMs: number) => new Date(epochMs).toISOString().replace(/[-:]|\.\d+/g, '')

const timeOf = (date: string) =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
