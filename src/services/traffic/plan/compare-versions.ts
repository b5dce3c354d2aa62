import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'

/** What differs between the two versions. */
export type VersionDifference = {
  /** as AWS calls it: MemorySize, Timeout, Runtime, Environment (names only), Layers … */
  readonly what: string
  /** printable as they are shown; never a value of the environment */
  readonly from: string
  readonly to: string
}

type Text = (configuration: FunctionConfiguration) => string

const list = (items: readonly (string | undefined)[] | undefined): string => (items ?? []).filter(Boolean).join(', ')
const number = (value: number | undefined): string => (value === undefined ? '' : String(value))

/** What is compared, by AWS's names. Of the environment the names alone: its values are nobody's business. */
const compared: readonly (readonly [what: string, text: Text])[] = [
  ['MemorySize', ({MemorySize}) => number(MemorySize)],
  ['Timeout', ({Timeout}) => number(Timeout)],
  ['Runtime', ({Runtime}) => Runtime ?? ''],
  ['Handler', ({Handler}) => Handler ?? ''],
  ['PackageType', ({PackageType}) => PackageType ?? ''],
  ['Architectures', ({Architectures}) => list(Architectures)],
  ['Layers', ({Layers}) => list(Layers?.map(({Arn}) => shortLayer(Arn)))],
  ['Role', ({Role}) => Role ?? ''],
  ['DeadLetterConfig', ({DeadLetterConfig}) => DeadLetterConfig?.TargetArn ?? ''],
  ['SubnetIds', ({VpcConfig}) => list([...(VpcConfig?.SubnetIds ?? [])].sort())],
  ['SecurityGroupIds', ({VpcConfig}) => list([...(VpcConfig?.SecurityGroupIds ?? [])].sort())],
  ['EphemeralStorage', ({EphemeralStorage}) => number(EphemeralStorage?.Size)],
  ['SnapStart', ({SnapStart}) => SnapStart?.ApplyOn ?? ''],
  ['TracingConfig', ({TracingConfig}) => TracingConfig?.Mode ?? ''],
  ['LogGroup', ({LoggingConfig}) => LoggingConfig?.LogGroup ?? ''],
  ['KMSKeyArn', ({KMSKeyArn}) => KMSKeyArn ?? ''],
  ['FileSystemConfigs', ({FileSystemConfigs}) => list(FileSystemConfigs?.map(({Arn}) => Arn))],
  ['ImageConfig', ({ImageConfigResponse}) => JSON.stringify(ImageConfigResponse?.ImageConfig ?? '')],
  ['CodeSha256', ({CodeSha256}) => (CodeSha256 ?? '').slice(0, 12)],
]

/** `arn:aws:lambda:eu-west-1:123456789012:layer:otel:7` → `otel:7` */
const shortLayer = (arn = ''): string => arn.split(':').slice(6).join(':') || arn

/** What differs between two versions of a function, as AWS calls it; an empty text is not set. */
export function compareVersions(from: FunctionConfiguration, to: FunctionConfiguration): readonly VersionDifference[] {
  const differences = compared.flatMap(([what, text]) =>
    text(from) === text(to) ? [] : [{what, from: text(from), to: text(to)}],
  )
  return [...differences, ...environmentDifferences(from, to)]
}

function environmentDifferences(from: FunctionConfiguration, to: FunctionConfiguration): readonly VersionDifference[] {
  const [before, after] = [from.Environment?.Variables ?? {}, to.Environment?.Variables ?? {}]
  const gone = Object.keys(before).filter(name => !(name in after))
  const isNew = Object.keys(after).filter(name => !(name in before))
  const changed = Object.keys(after).filter(name => name in before && before[name] !== after[name])
  return [
    ...(gone.length + isNew.length > 0 ? [{what: 'Environment', from: list(gone.sort()), to: list(isNew.sort())}] : []),
    ...(changed.length > 0 ? [{what: 'Environment', from: list(changed.sort()), to: 'other values'}] : []),
  ]
}

/**
 * Why two versions cannot serve one alias together, in words that name both sides; null where they can.
 * AWS wants the same execution role and the same dead letter queue, or none (configuring-alias-routing).
 */
export function whyNotTogether(name: string, from: FunctionConfiguration, to: FunctionConfiguration): UserError | null {
  const [before, after] = [from.Version ?? '', to.Version ?? '']
  const differing = (what: string, one: string | undefined, other: string | undefined): UserError | null =>
    one === other
      ? null
      : new UserError(
          `${name}: an alias serves two versions only with the same ${what}; ${before} has ${one ?? 'none'}, ${after} has ${other ?? 'none'}`,
          {
            code: 'VersionsDiffer',
            hint: `publish ${after} with the same ${what}, or move all traffic in one write: --all-at-once --gate none`,
          },
        )
  return (
    differing('role', from.Role, to.Role) ??
    differing(
      'dead letter queue',
      from.DeadLetterConfig?.TargetArn || undefined,
      to.DeadLetterConfig?.TargetArn || undefined,
    )
  )
}

/** Versions of Lambda Managed Instances are published in place: there is none before to go back to. */
export function whyUnshiftable(name: string, configuration: FunctionConfiguration): UserError | null {
  if (!configuration.CapacityProviderConfig) return null
  return new UserError(`version ${configuration.Version} of ${name} runs on a capacity provider`, {
    code: 'NotShiftable',
    hint: 'traffic of Lambda Managed Instances is not shifted by weights: deploy it as AWS documents it',
  })
}
