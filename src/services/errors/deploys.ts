import {UserError, usageError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {FunctionRef, LogSource} from '../logs/source.ts'
import {isVersion, type Qualified} from '../targets/qualifiers.ts'
import {readAliases, readConfiguration, servedBy} from '../targets/read-functions.ts'
import {explained} from '../targets/refusal.ts'

/** What serves of a function now. */
export type Deploy = {
  readonly source: LogSource
  readonly function: FunctionRef
  /** null for $LATEST, and for a version that was named itself */
  readonly alias: string | null
  /** the alias's main version first; two while traffic is shifted */
  readonly serving: readonly string[]
  /** epoch ms by version: it cannot have served before; of $LATEST, when it was last changed */
  readonly publishedAt: ReadonlyMap<string, number>
}

const latest = '$LATEST'

/**
 * What serves now of each function that was asked for: the alias or version that was named, else its only alias, else $LATEST.
 * @throws UserError: several aliases and none named (exit 2, with the list), an alias that is not there (exit 1), or a refusal (exit 4)
 */
export async function findDeploys(
  sources: readonly LogSource[],
  qualifierOf: Qualified['qualifierOf'],
  signal: AbortSignal,
): Promise<readonly Deploy[]> {
  const asked = sources.flatMap(source =>
    source.functions
      .filter(({name}) => source.only === null || source.only.some(one => one.function === name))
      .map(ref => ({source, ref})),
  )
  return Promise.all(asked.map(({source, ref}) => deployOf(source, ref, qualifierOf(ref.name), signal)))
}

async function deployOf(
  source: LogSource,
  ref: FunctionRef,
  qualifier: string | null,
  signal: AbortSignal,
): Promise<Deploy> {
  const version = qualifier !== null && isVersion(qualifier) ? qualifier : null
  const alias = version !== null ? null : aliasNamed(ref.name, qualifier, await aliasesOf(source.aws, ref.name, signal))
  const serving = version !== null ? [version] : (alias?.versions ?? [latest])
  const published = await Promise.all(
    serving.map(async version => [version, await publishedAt(source.aws, ref.name, version, signal)] as const),
  )
  return {source, function: ref, alias: alias?.name ?? null, serving, publishedAt: new Map(published)}
}

type Alias = {readonly name: string; readonly versions: readonly string[]}

function aliasNamed(name: string, qualifier: string | null, aliases: readonly Alias[]): Alias | null {
  if (qualifier !== null) {
    const found = aliases.find(alias => alias.name === qualifier)
    if (found) return found
    throw new UserError(`${name} has no alias ${qualifier}`, {
      code: 'NoMatch',
      hint: aliases.length > 0 ? `it has ${aliases.map(alias => alias.name).join(', ')}` : 'it has no alias at all',
    })
  }
  const [only, ...others] = aliases
  if (others.length > 0)
    throw usageError(
      `${name} has several aliases, and none was named`,
      `name one: ${aliases.map(alias => `${name}:${alias.name}`).join(', ')}`,
    )
  return only ?? null
}

async function aliasesOf(aws: Aws, name: string, signal: AbortSignal): Promise<readonly Alias[]> {
  try {
    const aliases = await readAliases(aws, name, signal)
    return aliases.map(alias => ({name: alias.Name ?? '', versions: servedBy(alias).map(({version}) => version)}))
  } catch (error) {
    throw explained(error, {
      doing: `list the aliases of ${name}`,
      permission: 'lambda:ListAliases',
      instead: `name the version that serves, as ${name}:42`,
    })
  }
}

async function publishedAt(aws: Aws, name: string, version: string, signal: AbortSignal): Promise<number> {
  try {
    const configuration = await readConfiguration(aws, name, version === latest ? null : version, signal)
    return Date.parse(configuration?.LastModified ?? '') || 0
  } catch (error) {
    throw explained(error, {
      doing: `look at ${name}:${version}`,
      permission: 'lambda:GetFunctionConfiguration',
    })
  }
}
