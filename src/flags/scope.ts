import {usageError} from '../errors.ts'
import {loadConfig} from '../services/config.ts'
import {listedHint, nearestHint} from '../services/targets/nearest-names.ts'
import type {GlobalFlags} from './global.ts'

type Scoped = Pick<GlobalFlags, 'profile' | 'region' | 'scope'>

/** What a command works with, once a saved scope has completed it. */
export type InScope<F> = {readonly flags: F; readonly targets: readonly string[]}

/**
 * Flags and targets with what a saved scope adds: profiles, regions and targets where none are given, each for itself.
 * @param path of the config file; null where there is no home for one
 * @throws UserError (exit 2) for a scope that is not in the config file, and for a config file that is none
 */
export async function withScope<F extends Scoped>(
  flags: F,
  targets: readonly string[],
  path: string | null,
): Promise<InScope<F> & {readonly warnings: readonly string[]}> {
  const {scope: name} = flags
  if (name === undefined) return {flags, targets, warnings: []}
  const {config, warnings} = await loadConfig(path)
  const scope = config.scopes.get(name)
  if (!scope) {
    const names = [...config.scopes.keys()]
    const hint =
      nearestHint(name, names) ??
      listedHint(names, 'scopes in it') ??
      `write one into it: {"scopes": {"${name}": {"profiles": ["${name}"], "regions": ["eu-west-1"], "targets": ["checkout-*"]}}}`
    throw usageError(`there is no scope ${name} in ${path ?? 'a config file, for want of a home'}`, hint)
  }
  const orElse = (given: readonly string[] | undefined, saved: readonly string[]): readonly string[] | undefined =>
    given ?? (saved.length > 0 ? saved : undefined)
  return {
    flags: {...flags, profile: orElse(flags.profile, scope.profiles), region: orElse(flags.region, scope.regions)},
    targets: targets.length > 0 ? targets : scope.targets,
    warnings,
  }
}
