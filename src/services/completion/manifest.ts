import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'

/** As far as completion needs them: commands as oclif's manifest describes them. */
export type Command = {
  /** words joined by colons: `sandbox:serve` */
  readonly id: string
  readonly summary?: string
  readonly description?: string
  readonly hidden?: boolean
  readonly usage?: string | readonly string[]
  readonly args: Readonly<Record<string, {readonly options?: readonly string[]}>>
  readonly flags: Readonly<Record<string, Flag>>
}

export type Flag = {
  readonly name: string
  readonly char?: string
  readonly type: 'boolean' | 'option'
  readonly hidden?: boolean
  readonly multiple?: boolean
  readonly delimiter?: string
  readonly allowNo?: boolean
  readonly options?: readonly string[]
  readonly helpValue?: string | readonly string[]
  readonly summary?: string
  readonly description?: string
}

type Manifest = {readonly commands: Readonly<Record<string, Command>>}
type Package = {readonly oclif: {readonly plugins?: readonly string[]}}

/**
 * The commands that help shows, those of plugins included.
 * @param root the folder of the package
 * @throws what the file system says where slsops was not built
 */
export function readCommands(root: string): readonly Command[] {
  const {oclif} = read(join(root, 'package.json')) as Package
  const plugins = (oclif.plugins ?? []).map(name => pluginFolder(root, name)).filter(folder => folder !== null)
  return [root, ...plugins]
    .flatMap(folder => Object.values((read(join(folder, 'oclif.manifest.json')) as Manifest).commands))
    .filter(({hidden}) => !hidden)
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** By the folders that Node would look in: a plugin need not export its manifest. */
function pluginFolder(root: string, name: string): string | null {
  const above = createRequire(join(root, 'package.json')).resolve.paths(name) ?? []
  return above.map(folder => join(folder, name)).find(hasManifest) ?? null
}

function hasManifest(folder: string): boolean {
  try {
    read(join(folder, 'oclif.manifest.json'))
    return true
  } catch {
    return false
  }
}
