import type {Aws} from '../aws/connect.ts'
import type {FunctionRef} from '../logs/source.ts'
import {readConfiguration} from './read-functions.ts'

/**
 * The function that a log group's name speaks of (`/aws/lambda/<name>`), where its LoggingConfig says that it logs there;
 * null for other groups, and where that cannot be known: the group can be read without.
 */
export async function functionOfDefaultGroup(
  aws: Aws,
  logGroup: string,
  signal: AbortSignal | undefined,
): Promise<FunctionRef | null> {
  const name = /^\/aws\/lambda\/([\w-]{1,64})$/.exec(logGroup)?.[1]
  if (name === undefined) return null
  try {
    const configuration = await readConfiguration(aws, name, null, signal)
    return configuration?.LoggingConfig?.LogGroup === logGroup ? {name, arn: configuration.FunctionArn ?? ''} : null
  } catch {
    signal?.throwIfAborted()
    return null
  }
}
