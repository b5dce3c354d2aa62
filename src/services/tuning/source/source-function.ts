import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {Architecture} from '../../pricing.ts'

/** The function that is tuned, at the version that is asked for. */
export type SourceFunction = {
  readonly name: string
  /** unqualified */
  readonly arn: string
  /** the alias or version as it was asked for; null: `$LATEST` */
  readonly qualifier: string | null
  /** what it stands for: a number, or `$LATEST` */
  readonly version: string
  /** as GetFunction gave it, of that version */
  readonly configuration: FunctionConfiguration
  /**
   * where its code can be fetched for some minutes, or the image by its digest: a secret, never shown, logged or journaled.
   * Empty where no clone is to be made.
   */
  readonly code: {readonly kind: 'zip'; readonly location: string} | {readonly kind: 'image'; readonly imageUri: string}
  readonly tags: Readonly<Record<string, string>>
  readonly memorySizeMB: number
  readonly architecture: Architecture
  readonly timeoutSeconds: number
  readonly ephemeralStorageMB: number
  readonly snapStart: boolean
}
