// Segment documents are what somebody sent: a field may hold anything, and what it should not hold counts as absent.
import type {SubsegmentDocument} from './segment-document.ts'

export type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** Whether it has ended, and what it says is its last word. */
export const isComplete = ({end_time, in_progress}: SubsegmentDocument): boolean =>
  end_time !== undefined && in_progress !== true
