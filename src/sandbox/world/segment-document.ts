// X-Ray's segment documents as tracers and services send them. Types only.

export type SubsegmentDocument = {
  readonly id: string
  readonly name: string
  /** epoch seconds, with fractions */
  readonly start_time: number
  readonly end_time?: number
  readonly in_progress?: true
  readonly namespace?: 'aws' | 'remote'
  readonly http?: {
    readonly request?: {
      readonly method?: string
      readonly url?: string
      readonly user_agent?: string
      readonly client_ip?: string
      readonly x_forwarded_for?: boolean
      /** what was called sends its own segment, so none is inferred */
      readonly traced?: boolean
    }
    readonly response?: {readonly status?: number; readonly content_length?: number}
  }
  readonly aws?: Readonly<Record<string, unknown>>
  readonly error?: true
  readonly throttle?: true
  readonly fault?: true
  readonly cause?: {
    readonly working_directory?: string
    readonly exceptions?: readonly {
      readonly id: string
      readonly message?: string
      readonly type?: string
      readonly remote?: boolean
      readonly stack?: readonly {readonly path: string; readonly line: number; readonly label: string}[]
    }[]
  }
  readonly annotations?: Readonly<Record<string, string | number | boolean>>
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly subsegments?: readonly SubsegmentDocument[]
  readonly links?: readonly {
    readonly trace_id: string
    readonly id?: string
    readonly attributes?: Readonly<Record<string, unknown>>
  }[]
}

/** A segment, or an independent subsegment (`type`). */
export type SegmentDocument = SubsegmentDocument & {
  readonly trace_id: string
  readonly parent_id?: string
  readonly type?: 'subsegment'
  readonly origin?: string
  readonly resource_arn?: string
  readonly user?: string
  readonly service?: {readonly version?: string}
  readonly inferred?: true
}
