import type {LogSource} from './source.ts'

/** AWS's partitions other than `aws`, by how their regions begin (botocore's partitions.json). */
const partitions: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
]

/** The ARN by which APIs know a log group, without the `:*` of IAM; null where its account is not known. */
export function logGroupArn({scope: {account, region}, logGroup}: LogSource): string | null {
  if (account === null) return null
  const partition = partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
  return `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}`
}

/**
 * Finds groups by what AWS calls them in its answers: a log group's ARN with or without `:*`, `account:name`, or its bare
 * name, which has no colon.
 */
export function findsLogGroups<T extends {readonly source: LogSource}>(
  groups: readonly T[],
): (identifier: string) => T | undefined {
  const found = new Map<string, T | undefined>()
  return identifier => {
    if (!found.has(identifier)) {
      const [, account, name] = identifierForm.exec(identifier) ?? []
      found.set(
        identifier,
        groups.find(
          ({source}) => source.logGroup === name && (account === undefined || source.scope.account === account),
        ),
      )
    }
    return found.get(identifier)
  }
}

const identifierForm = /^(?:arn:[^:]*:logs:[^:]*:)?(?:(\d{12}):)?(?:log-group:)?([^:]*)(?::\*)?$/
