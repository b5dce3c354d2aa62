import type {Architecture} from '../pricing.ts'

/** A memory size on an architecture: what can be chosen. */
export type Candidate = {
  /** 128 … 10,240 */
  readonly memorySizeMB: number
  readonly architecture: Architecture
}

/** The same text for the same candidate: `arm64/1024`. */
export const candidateKey = ({memorySizeMB, architecture}: Candidate): string => `${architecture}/${memorySizeMB}`
