// What finishes by hand what slsops has begun: said by whoever leaves before it is done.
import type {Scope} from '../services/aws/scope.ts'
import type {AliasRef} from '../services/traffic/alias/alias-state.ts'
import {noticeJson} from './json-lines.ts'
import {paintedRows} from './layout.ts'
import {shellWord} from './next-command.ts'
import {span} from './spans.ts'
import type {Terminal} from './terminal.ts'

/**
 * AWS's own client, giving an alias to one version alone.
 * @param endpoint where Lambda answers that is not AWS's; null else
 */
export function updateAliasCommand(
  to: Pick<AliasRef, 'functionName' | 'alias'> & {readonly version: string; readonly description: string},
  scope: Scope,
  endpoint: string | null,
): string {
  return [
    `aws lambda update-alias --function-name ${shellWord(to.functionName)} --name ${shellWord(to.alias)}`,
    `--function-version ${shellWord(to.version)} --routing-config '{"AdditionalVersionWeights":{}}'`,
    ...descriptionFlag(to.description),
    ...placeOf(scope, endpoint),
  ].join(' ')
}

/** The same, stopping a deployment of CodeDeploy with its own rollback. */
export const stopDeploymentCommand = (deploymentId: string, scope: Scope, endpoint: string | null): string =>
  [
    `aws deploy stop-deployment --deployment-id ${shellWord(deploymentId)} --auto-rollback-enabled`,
    ...placeOf(scope, endpoint),
  ].join(' ')

const placeOf = ({region, profile}: Scope, endpoint: string | null): readonly string[] => [
  `--region ${shellWord(region)}`,
  ...(profile === null ? [] : [`--profile ${shellWord(profile)}`]),
  ...(endpoint === null ? [] : [`--endpoint-url ${shellWord(endpoint)}`]),
]

/** Without it the lease would stay. What cannot be typed on one line is left as it is in AWS. */
const descriptionFlag = (description: string): readonly string[] =>
  isTypeable(description) ? [`--description ${quoted(description)}`] : []

const isTypeable = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** What somebody gave, as one word of a command line that means the same; of what cannot be typed on one line only what can be. */
export const sameWord = (text: string): string =>
  /^[\w./:@-]+$/.test(text) || !isTypeable(text) ? shellWord(text) : quoted(text)

/** What is not known, and the commands that settle it, a line each. */
export function lastWords(what: string, commands: readonly string[], json: boolean, terminal: Terminal): string {
  if (json) return noticeJson([what, ...commands].join('\n'))
  const lines = [[span(what, 'bad')], ...commands.map(command => [span(command)])]
  // however long: they are copied from there
  return paintedRows(lines, {...terminal, isTTY: false})
}
