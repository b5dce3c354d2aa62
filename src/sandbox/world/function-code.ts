// What is in a function's package: enough to tell whose code it is.
import {createHash} from 'node:crypto'
import {strFromU8, strToU8, unzipSync, zipSync} from 'fflate'
import type {StoredCode} from '../changes.ts'
import type {FunctionCode} from './client-requests.ts'

/** A zip file and what CodeSha256 says of it. */
type Package = {readonly bytes: Uint8Array; readonly sha256: string}

const packages = new Map<string, Package>()
const packagesByDigest = new Map<string, Package>()

/** The package of one build of a function of the company: always the same bytes. */
export function packageOf(functionName: string, build: number): Package {
  const key = `${functionName}/${build}`
  const known = packages.get(key)
  if (known) return known
  const text = `// larder/${key}\nexport const handler = async event => ({statusCode: 200, body: JSON.stringify(event)})\n`
  // a zip file's time is that of a wall: the same in every time zone
  const bytes = zipSync({[indexFile]: strToU8(text)}, {level: 0, mtime: new Date(2020, 0, 1)})
  const made = {bytes, sha256: zipDigest(bytes)}
  packages.set(key, made)
  packagesByDigest.set(made.sha256, made)
  return made
}

/** The bytes of a build that was made before. */
export const builtCode = (sha256: string): Uint8Array | undefined => packagesByDigest.get(sha256)?.bytes

/** The digest of the image of one build, in hex. */
export const imageDigest = (functionName: string, build: number): string =>
  createHash('sha256').update(`image larder/${functionName}/${build}`).digest('hex')

/** Code as the state keeps it: what the company itself has built is told by name and need not be kept. */
export function storedCode(code: FunctionCode, builds: Builds): StoredCode {
  if (code.kind === 'image') {
    const build = builds.ofImage(code.uri)
    const digest = /@sha256:([0-9a-f]{64})$/.exec(code.uri)?.[1]
    const sha256 = build?.sha256 ?? digest ?? createHash('sha256').update(code.uri).digest('hex')
    return {
      sha256,
      codeSize: build?.codeSize ?? 0,
      imageUri: code.uri,
      behavesAs: build?.functionName ?? null,
      zip: null,
    }
  }
  const build = builds.ofZip(code.bytes)
  const [zip, codeSize] = build
    ? [null, build.codeSize]
    : [Buffer.from(code.bytes).toString('base64'), code.bytes.length]
  return {
    sha256: zipDigest(code.bytes),
    codeSize,
    imageUri: null,
    behavesAs: build?.functionName ?? builds.named(signatureIn(code.bytes)),
    zip,
  }
}

/** A build of the company's. */
type Build = {readonly functionName: string; readonly sha256: string; readonly codeSize: number}

/** Finds what the company built; undefined for what it did not. */
export type Builds = {
  ofZip(bytes: Uint8Array): Build | undefined
  ofImage(uri: string): Build | undefined
  /** the name of the company's function that is signed for, packed by another one; null where there is no such function */
  named(signed: Signature | null): string | null
}

type Signature = {readonly functionName: string; readonly build: number}

const indexFile = 'index.mjs'
const signature = /^\/\/ larder\/([\w-]+)\/(\d+)$/m
const mostIndexBytes = 65_536

/** Whose build a package says it is, the bytes being another's or not. */
export function signatureIn(bytes: Uint8Array): Signature | null {
  try {
    const files = unzipSync(bytes, {
      filter: ({name, originalSize}) => name === indexFile && originalSize <= mostIndexBytes,
    })
    const [, functionName, build] = signature.exec(strFromU8(files[indexFile] ?? new Uint8Array())) ?? []
    return functionName === undefined ? null : {functionName, build: Number(build)}
  } catch {
    return null
  }
}

export const zipDigest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')
