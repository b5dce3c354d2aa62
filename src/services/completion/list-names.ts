import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {listLogGroups} from '../targets/list-log-groups.ts'
import {functionPages} from '../targets/read-functions.ts'
import {stackNames} from '../targets/stack-members.ts'
import {tagsInUse} from '../targets/tagged-resources.ts'
import type {Names} from './names.ts'

// a TAB reads all of it, and nobody looks through more
const mostNames = 10_000
/** one call each, of the 15 a second that all of Lambda's control plane shares */
const mostFunctionsWithQualifiers = 200

export type NameSignals = {
  /** when lists are to be given up; what they brought is kept */
  readonly lists: AbortSignal
  /** when everything is */
  readonly all: AbortSignal
}

/**
 * Lists the names of an account and region: yields them when the lists are there, and again with what functions go by.
 * What cannot be listed keeps its names of before. Yields nothing where nothing could be listed.
 */
export async function* listNames(aws: Aws, before: Names, signals: NameSignals): AsyncGenerator<Names> {
  const {lists} = signals
  const [functions, logGroups, stacks, tagKeys] = await Promise.all([
    gathered(functionNames(aws, lists), before.functions),
    gathered(logGroupNames(aws, lists), before.logGroups),
    gathered(stackNames(aws, lists), before.stacks),
    gathered(tagKeysInUse(aws, lists), before.tagKeys),
  ])
  if (![functions, logGroups, stacks, tagKeys].some(({complete}) => complete)) return
  const names = {
    functions: functions.names,
    qualifiers: before.qualifiers,
    logGroups: logGroups.names,
    stacks: stacks.names,
    tagKeys: tagKeys.names,
  }
  yield names
  yield {...names, qualifiers: await qualifiersOf(aws, names, signals.all)}
}

type Gathered = {readonly names: readonly string[]; readonly complete: boolean}

async function gathered(pages: AsyncIterable<readonly string[]>, before: readonly string[]): Promise<Gathered> {
  const names = new Set<string>()
  try {
    for await (const page of pages) {
      for (const name of page) names.add(name)
      if (names.size >= mostNames) break
    }
    return {names: [...names].slice(0, mostNames), complete: true}
  } catch {
    // nobody is there to be told; who runs a command is told what it may not do
    return {names: [...new Set([...names, ...before])].slice(0, mostNames), complete: false}
  }
}

async function* functionNames(aws: Aws, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  for await (const page of functionPages(aws, signal)) yield page.flatMap(({FunctionName}) => FunctionName ?? [])
}

async function* logGroupNames(aws: Aws, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  yield [...(await listLogGroups(aws, null, signal)).classes.keys()]
}

async function* tagKeysInUse(aws: Aws, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  for await (const page of tagsInUse(aws, signal)) yield page.map(tag => tag.slice(0, tag.indexOf('=')))
}

function qualifiersOf(aws: Aws, {functions, qualifiers}: Names, signal: AbortSignal): Promise<Names['qualifiers']> {
  if (functions.length > mostFunctionsWithQualifiers) return Promise.resolve([])
  const before = new Map(qualifiers)
  return Promise.all(
    functions.map(async name => [name, await readQualifiers(aws, name, signal).catch(() => before.get(name) ?? [])]),
  )
}

/** Aliases, then the versions that they serve; of its first page, which has 50 of them. */
async function readQualifiers(aws: Aws, name: string, signal: AbortSignal): Promise<readonly string[]> {
  const client = await aws.lambda()
  const command = new (sdk.lambda().ListAliasesCommand)({FunctionName: name})
  const {Aliases = []} = await ask(aws, 'ListAliases', options => client.send(command, options), signal)
  const versions = Aliases.flatMap(({FunctionVersion, RoutingConfig}) => [
    ...(FunctionVersion === undefined ? [] : [FunctionVersion]),
    ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
  ])
  return [...new Set([...Aliases.flatMap(({Name}) => Name ?? []), ...versions])]
}
