// What clients do to functions: each write is kept in the state, and the functions are what all of them make.
import type {Change, StoredCode} from '../changes.ts'
import {unchangedVersion} from './function-changes.ts'
import {type Builds, builtCode, signatureIn, storedCode, zipDigest} from './function-code.ts'
import type {Functions} from './functions.ts'
import type {RegionChanges} from './region-changes.ts'
import type {SandboxAlias, SandboxFunction, SandboxVersion} from './sandbox-function.ts'
import type {World} from './world.ts'

export type ClientFunctions = Pick<
  World,
  | 'createFunction'
  | 'deleteFunction'
  | 'deleteVersion'
  | 'updateConfiguration'
  | 'updateCode'
  | 'publishVersion'
  | 'putReservedConcurrency'
  | 'tagFunction'
  | 'untagFunction'
  | 'functionCode'
  | 'updateAlias'
>

/** @param ofCompany a function as the company made it, whatever became of it */
export function createClientFunctions(
  functions: Functions,
  {writes, catchUp, record}: RegionChanges,
  ofCompany: (name: string) => SandboxFunction | undefined,
): ClientFunctions {
  const builds: Builds = {
    named: signed => (signed && ofCompany(signed.functionName)?.name) ?? null,
    ofZip(bytes) {
      const sha256 = zipDigest(bytes)
      const functionName = signatureIn(bytes)?.functionName
      const found = functionName && ofCompany(functionName)?.versions.find(each => each.codeSha256 === sha256)
      return found ? {functionName, sha256, codeSize: found.codeSize} : undefined
    },
    ofImage(uri) {
      const [, functionName = '', tag, digest] = /\/([\w-]+)(?::([\w.-]+)|@sha256:([0-9a-f]{64}))$/.exec(uri) ?? []
      const found = ofCompany(functionName)?.versions.find(({imageUri, codeSha256}) =>
        digest === undefined ? tag !== undefined && imageUri?.endsWith(`:${tag}`) : codeSha256 === digest,
      )
      return found && {functionName, sha256: found.codeSha256, codeSize: found.codeSize}
    },
  }

  function standing(name: string) {
    catchUp()
    const found = functions.standing(name)
    if (!found) throw new Error(`there is no function ${name}`)
    return found
  }
  function now(name: string): SandboxFunction {
    catchUp()
    return functions.one(name) ?? standing(name).fn
  }

  return {
    createFunction({name: functionName, tags, code, ...settings}) {
      record({kind: 'function-created', functionName, settings, tags, code: storedCode(code, builds)})
      return now(functionName)
    },
    deleteFunction: functionName => record({kind: 'function-deleted', functionName}),
    deleteVersion: (functionName, version) => record({kind: 'version-deleted', functionName, version}),
    updateConfiguration(functionName, settings) {
      record({kind: 'configuration-changed', functionName, settings})
      return now(functionName)
    },
    updateCode(functionName, code) {
      record({kind: 'code-changed', functionName, code: storedCode(code, builds)})
      return now(functionName)
    },
    publishVersion(functionName, description) {
      const found = standing(functionName)
      const again = unchangedVersion(found)
      if (again === undefined)
        record({kind: 'version-published', functionName, description: description ?? found.fn.description})
      return versionOf(now(functionName), again ?? String(standing(functionName).lastVersion))
    },
    putReservedConcurrency: (functionName, count) => record({kind: 'concurrency-reserved', functionName, count}),
    tagFunction: (functionName, tags) => record({kind: 'function-tagged', functionName, tags}),
    untagFunction: (functionName, keys) => record({kind: 'function-untagged', functionName, keys}),
    functionCode(functionName, version) {
      const {imageUri, behavesAs, codeSha256} = versionOf(standing(functionName).fn, version)
      if (imageUri !== null) return undefined
      const zip = writes()
        .map(codeOf)
        .find(code => code?.zip && code.sha256 === codeSha256)?.zip
      if (zip) return Buffer.from(zip, 'base64')
      // what the company built is made again when it is described
      if (behavesAs !== null) ofCompany(behavesAs)
      return builtCode(codeSha256)
    },
    updateAlias(functionName, name, change) {
      const alias = aliasOf(now(functionName), name)
      if (!alias) throw new Error(`${functionName} has no alias ${name}`)
      const {version, weights, description} = {...alias, ...change}
      record({kind: 'alias', functionName, alias: name, version, weights, description})
      return aliasOf(now(functionName), name) ?? alias
    },
  }
}

const aliasOf = ({aliases}: SandboxFunction, name: string): SandboxAlias | undefined =>
  aliases.find(each => each.name === name)

function versionOf({name, versions}: SandboxFunction, wanted: string): SandboxVersion {
  const found = versions.find(({version}) => version === wanted)
  if (!found) throw new Error(`${name} has no version ${wanted}`)
  return found
}

const codeOf = (change: Change): StoredCode | null =>
  change.kind === 'function-created' || change.kind === 'code-changed' ? change.code : null
