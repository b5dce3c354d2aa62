// A function as the control plane knows it. Types only.
import type {VersionSettings} from '../changes.ts'

export type SandboxVersion = Pick<VersionSettings, OfVersion> & {
  /** `$LATEST` or a number */
  readonly version: string
  readonly description: string
  /** epoch ms; of `$LATEST`, when it was changed for the last time */
  readonly publishedAt: number
  readonly codeSize: number
  readonly codeSha256: string
  readonly revisionId: string
  /** of an image: where it was taken from; null for a zip file */
  readonly imageUri: string | null
  /** the function of the company whose code it is, itself or another one; null: nobody's that is known */
  readonly behavesAs: string | null
  /** epoch ms at which it can be invoked, where its snapshot is made after it was published */
  readonly activeAt?: number
  /** how it was published, where `$LATEST` was changed since: it stands in for what the function says of itself */
  readonly settings?: VersionSettings
}

export type SandboxAlias = {
  readonly name: string
  readonly description: string
  readonly version: string
  /** additional version → share, as in RoutingConfig; empty when all traffic goes to `version` */
  readonly weights: Readonly<Record<string, number>>
  readonly revisionId: string
  /** with provisioned concurrency: epoch ms at which a version that it serves has all of it */
  readonly allocatedAt?: Readonly<Record<string, number>>
  /** the version before, which has all traffic until the provisioned concurrency of `version` is allocated (epoch ms) */
  readonly moving?: {readonly from: string; readonly startedAt: number; readonly until: number}
}

/** What belongs to a version alone: the rest of its settings is that of `$LATEST` where the version has none of its own. */
type OfVersion = 'memorySizeMB' | 'timeoutSeconds' | 'runtime' | 'environment'

export type SandboxFunction = Omit<VersionSettings, OfVersion> & {
  readonly name: string
  /** `putAt`: epoch ms at which a client asked for it */
  readonly provisionedConcurrency: {readonly alias: string; readonly count: number; readonly putAt?: number} | null
  readonly reservedConcurrency: number | null
  readonly tags: Readonly<Record<string, string>>
  readonly stack: string
  readonly logicalId: string
  readonly state: 'Pending' | 'Active' | 'Inactive' | 'Failed'
  /** of `$LATEST`: what was changed takes a moment, in which it runs as before and cannot be changed again */
  readonly lastUpdate: 'Successful' | 'InProgress'
  /** where it is a replica of Lambda@Edge: the unqualified ARN of its original; null else */
  readonly masterArn: string | null
  /** it can begin durable executions, which last so long at most and are told of for so many days */
  readonly durable?: {readonly timeoutSeconds: number; readonly retentionDays: number}
  /** what its resource policy allows to invoke it */
  readonly grants: readonly SandboxGrant[]
  readonly urls: readonly SandboxFunctionUrl[]
  readonly eventInvokeConfigs: readonly SandboxEventInvokeConfig[]
  /** `$LATEST` first, then the published ones, oldest first */
  readonly versions: readonly SandboxVersion[]
  readonly aliases: readonly SandboxAlias[]
}

/** A statement of a function's resource policy. */
export type SandboxGrant = {
  readonly sid: string
  /** the alias or version it is about, null for the unqualified function */
  readonly qualifier: string | null
  /** a service, as `events.amazonaws.com`, or an account */
  readonly principal: string
  readonly sourceArn: string | null
}

export type SandboxFunctionUrl = {
  readonly qualifier: string | null
  readonly url: string
  readonly authType: 'NONE' | 'AWS_IAM'
  readonly createdAt: number
}

/** How events that wait for the function are dealt with. */
export type SandboxEventInvokeConfig = {
  readonly qualifier: string | null
  readonly maximumRetryAttempts: number
  readonly maximumEventAgeSeconds: number
  readonly onSuccess: string | null
  readonly onFailure: string | null
  readonly lastModified: number
}
