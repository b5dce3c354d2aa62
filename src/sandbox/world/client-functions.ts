// What clients do to functions: each write is kept in the state, and the functions are what all of them make.
import type {Change, StoredCode} from '../changes.ts'
import {allocatingFor} from './alias-changes.ts'
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
  | 'putProvisionedConcurrency'
  | 'tagFunction'
  | 'untagFunction'
  | 'functionCode'
  | 'createAlias'
  | 'updateAlias'
  | 'deleteAlias'
>

export function createClientFunctions(functions: Functions, {writes, catchUp, record}: RegionChanges): ClientFunctions {
  const {ofCompany, allocationMs} = functions
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
    putProvisionedConcurrency: (functionName, alias, count) =>
      record({
        kind: 'concurrency-provisioned',
        functionName,
        alias,
        count,
        ...(count !== null && {allocatingMs: allocationMs}),
      }),
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
    createAlias(functionName, {name, version, weights, description}) {
      record({kind: 'alias-created', functionName, alias: name, version, weights, description})
      return aliasOf(now(functionName), name)
    },
    deleteAlias: (functionName, name) => record({kind: 'alias-deleted', functionName, alias: name}),
    updateAlias(functionName, name, change) {
      const fn = now(functionName)
      const alias = aliasOf(fn, name)
      const {version, weights, description} = {...alias, ...change}
      const keepsRouting = version === alias.version && change.weights === undefined
      record({
        kind: 'alias',
        functionName,
        alias: name,
        version,
        weights,
        description,
        ...(keepsRouting && {keepsRouting}),
        ...(!keepsRouting && allocatingFor(fn, name, allocationMs)),
      })
      return aliasOf(now(functionName), name)
    },
  }
}

function aliasOf({name, aliases}: SandboxFunction, wanted: string): SandboxAlias {
  const found = aliases.find(alias => alias.name === wanted)
  if (!found) throw new Error(`${name} has no alias ${wanted}`)
  return found
}

function versionOf({name, versions}: SandboxFunction, wanted: string): SandboxVersion {
  const found = versions.find(({version}) => version === wanted)
  if (!found) throw new Error(`${name} has no version ${wanted}`)
  return found
}

const codeOf = (change: Change): StoredCode | null =>
  change.kind === 'function-created' || change.kind === 'code-changed' ? change.code : null
