import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import {type CompletionPlace, completionPlace, configPath} from './environment.ts'
import {regionNames} from './services/aws/regions.ts'
import {candidatesFor} from './services/completion/candidates.ts'
import {type CommandLine, readCommandLine} from './services/completion/command-line.ts'
import {configNames} from './services/completion/config-names.ts'
import {readCommands} from './services/completion/manifest.ts'
import {claimRefresh, isStale, readNames} from './services/completion/name-cache.ts'
import {type Names, noNames} from './services/completion/names.ts'
import {profileNames} from './services/completion/profiles.ts'
import {shellLine} from './services/completion/shells.ts'
import {builtInQueries} from './services/insights/built-in-queries.ts'

export type TabOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** the folder of the package */
  readonly root: string
  /** the Node that runs this, and what to run with it to start slsops */
  readonly program: readonly [node: string, script: string]
  /** epoch ms */
  readonly now: number
}

/**
 * What a shell's script asks at a TAB: `slsops complete SHELL …`. A person waits for it, so it loads neither oclif nor
 * the SDK, and asks nothing of AWS: names are those that were kept, and when they are old another process lists them anew.
 * @param argv the shell, and what its script hands over
 */
export function answerTab([shell, ...handed]: readonly string[], options: TabOptions): string {
  const {environment, root} = options
  const asked = shellLine(shell, handed)
  if (!asked) return ''
  const place = completionPlace(environment)
  const commands = readCommands(root)
  const line = readCommandLine(commands, asked.words)
  const config = (): string => textOf(configPath(environment) ?? '')
  return asked.answer(
    candidatesFor(line, commands, {
      names: () => keptNames(line, place, options),
      profiles: () => profileNames(place.configFiles.map(textOf)),
      regions: () => ['all', ...regionNames],
      zones: () => Intl.supportedValuesOf('timeZone'),
      queries: () => [...new Set([...builtInQueries.keys(), ...configNames(config(), 'queries')])],
      scopes: () => configNames(config(), 'scopes'),
      runs: of => (place.journals === null ? [] : runIds(`${place.journals}/${of}`)),
    }),
  )
}

function keptNames({given}: CommandLine, place: CompletionPlace, {program, now}: TabOptions): Names {
  if (place.directory === null) return noNames
  const sandbox = place.sandbox || given.has('sandbox')
  // of several, the first: a name of one of them is better than none
  const [profile, region] = ['profile', 'region'].map(flag => given.get(flag)?.join(',').split(',').find(isOne))
  const of = sandbox ? ['sandbox', region] : ['aws', profile, region, ...place.account]
  const path = `${place.directory}/${createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 24)}.json`
  const kept = readNames(path)
  if (isStale(kept, now) && claimRefresh(path, now)) {
    const flags = [
      ...(sandbox ? ['--sandbox'] : []),
      ...(profile === undefined ? [] : ['--profile', profile]),
      ...(region === undefined ? [] : ['--region', region]),
    ]
    inBackground([...program, 'refresh-names', '--into', path, ...flags])
  }
  return kept.names
}

const isOne = (value: string): boolean => value !== '' && value.toLowerCase() !== 'all'

/** Without a terminal, and without the pipe that the shell reads this answer from. */
function inBackground([node = '', ...args]: readonly string[]): void {
  spawn(node, args, {detached: true, stdio: 'ignore', windowsHide: true})
    .on('error', () => {})
    .unref()
}

/** The runs that have a journal in a folder. */
function runIds(directory: string): readonly string[] {
  try {
    return readdirSync(directory).flatMap(name => /^(\d{8}-\d{6}-[a-z0-9]{8})\.jsonl$/.exec(name)?.[1] ?? [])
  } catch {
    return []
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
