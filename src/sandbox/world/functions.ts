// The functions of a region as they stand: the company's own, as their writes have left them, and those that clients made.
import {type Change, type FunctionChange, isFunctionChange} from '../changes.ts'
import {routingSteps} from './aliases.ts'
import type {CompanyFunction, CompanyStack} from './company.ts'
import {describeFunction} from './control-plane.ts'
import {
  afterChange,
  type ChangeContext,
  describeStanding,
  type Standing,
  servingAt,
  untouched,
} from './function-changes.ts'
import type {Resized} from './invocations.ts'
import {releaseAlias} from './invoked-history.ts'
import type {RoutingStep} from './routing.ts'
import type {SandboxAlias, SandboxFunction} from './sandbox-function.ts'
import {scaledFunction, scaledIndex, scaledName, scaledStack} from './scale.ts'

export type Functions = {
  /** how long provisioned concurrency takes to be allocated for another version, in ms */
  readonly allocationMs: number
  all(): readonly SandboxFunction[]
  one(name: string): SandboxFunction | undefined
  /** as it serves invocations now */
  serving(name: string): SandboxFunction | undefined
  standing(name: string): Standing | undefined
  /** one of the company's as it made it, whatever became of it */
  ofCompany(name: string): SandboxFunction | undefined
  /** one of the company's, with the memory sizes that clients gave it */
  resized(definition: CompanyFunction): CompanyFunction
  /** which versions the company's requests to one of its functions went to since clients changed that */
  rerouted(name: string): readonly RoutingStep[]
  /** the version of the company's whose code a version has, itself where it has its own */
  builtAs(name: string, version: string): string
  /** to be called when there are new changes of the region */
  changed(changes: readonly Change[]): void
}

export type FunctionsOptions = ChangeContext & {
  readonly homes: ReadonlyMap<string, {readonly definition: CompanyFunction; readonly stack: CompanyStack}>
  readonly scaled: number
  readonly seed: number
  readonly firstUsedAt: number
  readonly allocationMs: number
  readonly now: () => number
}

export function createFunctions({
  homes,
  scaled,
  seed,
  firstUsedAt,
  allocationMs,
  now,
  ...context
}: FunctionsOptions): Functions {
  const {where} = context
  let writes: ReadonlyMap<string, readonly FunctionChange[]> = new Map()
  let own: readonly SandboxFunction[] | undefined
  let described: {readonly at: string; readonly all: readonly SandboxFunction[]} | undefined
  const standings = new Map<string, Standing | undefined>()
  const sizes = new Map<string, CompanyFunction>()

  // described from one model: a hundred thousand of them share all but their names
  let model: SandboxFunction | undefined
  function describeScaled(index: number): SandboxFunction {
    model ??= describeFunction(scaledFunction(0), scaledStack, seed, firstUsedAt, where)
    const name = scaledName(index)
    return {...model, name, logGroup: `/aws/lambda/${name}`, logicalId: `Scaled${index}Function`}
  }

  function ofCompany(name: string): SandboxFunction | undefined {
    const home = homes.get(name)
    if (home) return describeFunction(home.definition, home.stack, seed, firstUsedAt, where)
    const index = scaledIndex(name, scaled)
    return index === null ? undefined : describeScaled(index)
  }

  function standing(name: string): Standing | undefined {
    if (standings.has(name)) return standings.get(name)
    const base = ofCompany(name)
    let found = base && untouched(base)
    const written = writes.get(name)
    // there may be a hundred thousand of those that nobody wrote to
    if (!written) return found
    for (const change of written) found = afterChange(found, change, context)
    standings.set(name, found)
    return found
  }

  function ownFunctions(): readonly SandboxFunction[] {
    own ??= [
      ...[...homes.keys()].flatMap(name => ofCompany(name) ?? []).sort(byName),
      ...Array.from({length: scaled}, (_, index) => describeScaled(index)),
    ]
    return own
  }

  /** Which of the writes have settled: what is described is the same as long as these are. */
  function settled(at: number): string {
    return [...writes.keys()].map(name => ((standing(name)?.settledAt ?? 0) <= at ? '1' : '0')).join('')
  }

  function describeAll(at: number): readonly SandboxFunction[] {
    const mine = ownFunctions()
    if (writes.size === 0) return mine
    const known = new Set(mine.map(({name}) => name))
    const made = [...writes.keys()].filter(name => !known.has(name))
    const kept = mine.flatMap(fn => (writes.has(fn.name) ? (describeOne(fn.name, at) ?? []) : fn))
    return [...kept, ...made.flatMap(name => describeOne(name, at) ?? [])].sort(byName)
  }

  function describeOne(name: string, at: number): SandboxFunction | undefined {
    if (!writes.has(name)) return ofCompany(name)
    const found = standing(name)
    return found && describeStanding(found, at)
  }

  return {
    allocationMs,
    all() {
      const at = now()
      const moment = settled(at)
      if (described?.at !== moment) described = {at: moment, all: describeAll(at)}
      return described.all
    },
    one: name => describeOne(name, now()),
    serving(name) {
      if (!writes.has(name)) return ofCompany(name)
      const found = standing(name)
      return found && servingAt(found, now())
    },
    standing,
    ofCompany,
    resized(definition) {
      const written = writes.get(definition.name)
      if (!written?.some(({kind}) => kind === 'configuration-changed' || kind === 'version-published'))
        return definition
      const known = sizes.get(definition.name)
      if (known) return known
      const made = {...definition, resized: resizedBy(definition.name, written)}
      sizes.set(definition.name, made)
      return made
    },
    rerouted(name) {
      const ofName = writes.get(name)
      if (!ofName) return []
      const base = ofCompany(name)
      let found = base && untouched(base)
      const written: {at: number; alias: SandboxAlias}[] = []
      for (const change of ofName) {
        found = afterChange(found, change, context)
        const alias = found?.fn.aliases.find(each => each.name === releaseAlias)
        if ('alias' in change && change.alias === releaseAlias && alias) written.push({at: change.at, alias})
      }
      return routingSteps(written)
    },
    builtAs(name, version) {
      const base = ofCompany(name)
      const isCompanys = base?.versions.some(each => each.version === version)
      if (!base || isCompanys) return version
      let found: Standing | undefined = untouched(base)
      let code: string | undefined
      // it may have been deleted since
      for (const change of writes.get(name) ?? []) {
        found = afterChange(found, change, context)
        code ??= found?.fn.versions.find(each => each.version === version)?.codeSha256
      }
      return base.versions.slice(1).findLast(({codeSha256}) => codeSha256 === code)?.version ?? version
    },
    changed(all) {
      writes = Map.groupBy(all.filter(isFunctionChange), ({functionName}) => functionName)
      standings.clear()
      sizes.clear()
      own = undefined
      described = undefined
    },
  }

  /** The memory sizes that a function's invocations had since they were changed. */
  function resizedBy(name: string, written: readonly FunctionChange[]): Resized {
    const base = ofCompany(name)
    const latest: {from: number; memorySizeMB: number}[] = []
    const published: Record<string, number> = {}
    let found = base && untouched(base)
    for (const change of written) {
      found = afterChange(found, change, context)
      const memorySizeMB = found?.fn.versions[0]?.memorySizeMB
      if (found === undefined || memorySizeMB === undefined) continue
      if (change.kind === 'configuration-changed') latest.push({from: found.settledAt, memorySizeMB})
      if (change.kind === 'version-published') published[found.lastVersion] = memorySizeMB
    }
    return {latest, published}
  }
}

const byName = (x: SandboxFunction, y: SandboxFunction) => (x.name < y.name ? -1 : 1)
