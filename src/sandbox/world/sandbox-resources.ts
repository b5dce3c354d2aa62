// What the control plane knows besides functions. Types only.

/** An SQS queue as it stands at a moment. */
export type SandboxQueue = {
  readonly name: string
  readonly arn: string
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** epoch ms at which the oldest message was sent; null for an empty queue */
  readonly oldestSentAt: number | null
  readonly visibilityTimeoutSeconds: number
  readonly retentionSeconds: number
  /** where a message goes that was received too often */
  readonly redrive: {readonly deadLetterArn: string; readonly maxReceiveCount: number} | null
  readonly createdAt: number
}

/** An EventBridge rule of the default bus; exactly one of pattern and schedule is there. */
export type SandboxRule = {
  readonly name: string
  readonly state: 'ENABLED' | 'DISABLED'
  readonly schedule: string | null
  readonly pattern: string | null
  readonly targetArns: readonly string[]
}

export type SandboxStack = {
  readonly name: string
  readonly id: string
  readonly description: string
  readonly status: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly parent: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly resources: readonly {
    readonly logicalId: string
    readonly physicalId: string
    readonly type: string
    readonly status: string
    readonly updatedAt: number
  }[]
}

export type SandboxEventSourceMapping = {
  readonly uuid: string
  readonly functionName: string
  /** the alias or version it invokes, null for the unqualified function */
  readonly qualifier: string | null
  readonly eventSourceArn: string
  readonly state: 'Enabled' | 'Disabled'
  readonly batchSize: number
  readonly lastModified: number
  readonly lastProcessingResult: string
}
