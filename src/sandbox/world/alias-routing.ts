// Which versions an alias can serve together.
import type {SandboxAlias, SandboxFunction, SandboxVersion} from './sandbox-function.ts'

/** What is wrong with the versions of an alias. */
export type RoutingProblem =
  | {readonly kind: 'several' | 'twice' | 'latest' | 'failed' | 'roles' | 'dead-letters'}
  | {readonly kind: 'missing'; readonly version: string}

/** Why an alias of a function cannot serve versions so, the first thing that AWS says, as far as its order is known; null where it can. */
export function routingProblem(
  fn: SandboxFunction,
  main: string,
  weights: SandboxAlias['weights'],
): RoutingProblem | null {
  const versionOf = (wanted: string) => fn.versions.find(({version}) => version === wanted)
  const first = versionOf(main)
  if (!first) return {kind: 'missing', version: main}
  // one that is Pending may be served: its alias is so too until then
  if (fn.state === 'Failed') return {kind: 'failed'}
  const [additional, ...more] = Object.keys(weights)
  if (more.length > 0) return {kind: 'several'}
  if (additional === undefined) return null
  if (additional === main) return {kind: 'twice'}
  if (main === '$LATEST') return {kind: 'latest'}
  const second = versionOf(additional)
  if (!second) return {kind: 'missing', version: additional}
  if (roleOf(fn, first) !== roleOf(fn, second)) return {kind: 'roles'}
  return deadLettersOf(fn, first) === deadLettersOf(fn, second) ? null : {kind: 'dead-letters'}
}

const roleOf = ({roleArn}: SandboxFunction, {settings}: SandboxVersion) => settings?.roleArn ?? roleArn

const deadLettersOf = ({deadLetterArn}: SandboxFunction, {settings}: SandboxVersion) =>
  settings ? settings.deadLetterArn : deadLetterArn
