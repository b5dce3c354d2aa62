import {type Fields, fieldsOf, listOf} from '../../world/document-fields.ts'
import {traceTimeOf} from '../../world/invocations.ts'

/** Why X-Ray does not take a document. */
export type SegmentProblem = {
  /** in X-Ray's own words where they are known: MissingId, InvalidName, InvalidTraceId, ParseError; the others follow their form */
  readonly code: string
  readonly of: 'segment' | 'subsegment'
  /** of the document; undefined where it has none that is one */
  readonly id: string | undefined
}

/** The most bytes of a document; developer guide, page on segment documents. */
const maxDocumentBytes = 64 * 1024
const maxNameLength = 200
const day = 24 * 60 * 60_000
const oldestTrace = 30 * day
const futureTolerance = 5 * 60_000
const nameCharacters = /^[\p{L}\p{N}\s_.:/%&#=+\\\-@]+$/u
const idForm = /^[0-9a-f]{16}$/

/**
 * Reads one text that PutTraceSegments was sent.
 * @param now epoch ms
 */
export function readSegment(text: string, now: number): {readonly document: Fields} | SegmentProblem {
  const parsed = parse(text)
  if (parsed === undefined) return {code: 'ParseError', of: 'segment', id: undefined}
  const id = idOf(parsed)
  const kind = parsed['type'] === 'subsegment' ? 'subsegment' : 'segment'
  const own = Buffer.byteLength(text) > maxDocumentBytes ? 'SegmentTooLarge' : documentProblem(parsed, now)
  if (own !== undefined) return {code: own, of: kind, id}
  const nested = nestedProblem(parsed)
  return nested === undefined ? {document: parsed} : {code: nested, of: 'subsegment', id}
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // What is nested too deeply can be read, and never be written again.
    JSON.stringify(value)
    return typeof value === 'object' && value !== null ? fieldsOf(value) : undefined
  } catch {
    return undefined
  }
}

const idOf = ({id}: Fields) => (typeof id === 'string' && idForm.test(id) ? id : undefined)

function documentProblem(document: Fields, now: number): string | undefined {
  const {type, trace_id: traceId, parent_id: parentId} = document
  const common = commonProblem(document)
  if (common !== undefined) return common
  if (traceId === undefined) return 'MissingTraceId'
  const time = typeof traceId === 'string' ? traceTimeOf(traceId) : undefined
  if (time === undefined || time < now - oldestTrace || time > now + futureTolerance) return 'InvalidTraceId'
  if (type !== undefined && type !== 'subsegment') return 'InvalidType'
  if (parentId === undefined) return type === 'subsegment' ? 'MissingParentId' : undefined
  return typeof parentId === 'string' && idForm.test(parentId) ? undefined : 'InvalidParentId'
}

/** What segments and subsegments must have alike. */
function commonProblem(document: Fields): string | undefined {
  const {id, name, start_time: start, end_time: end, in_progress: isInProgress} = document
  if (id === undefined) return 'MissingId'
  if (idOf(document) === undefined) return 'InvalidId'
  if (name === undefined) return 'MissingName'
  if (typeof name !== 'string' || name.length > maxNameLength || !nameCharacters.test(name)) return 'InvalidName'
  if (start === undefined) return 'MissingStartTime'
  if (!isTime(start)) return 'InvalidStartTime'
  if (end === undefined) return isInProgress === true ? undefined : 'MissingEndTime'
  return isTime(end) ? undefined : 'InvalidEndTime'
}

/** Epoch seconds; milliseconds by mistake are none. */
const isTime = (value: unknown) => typeof value === 'number' && value >= 0 && value < 1e11

function nestedProblem({subsegments}: Fields): string | undefined {
  if (subsegments !== undefined && !Array.isArray(subsegments)) return 'InvalidSubsegments'
  for (const subsegment of listOf(subsegments)) {
    const fields = fieldsOf(subsegment)
    const problem = commonProblem(fields) ?? nestedProblem(fields)
    if (problem !== undefined) return problem
  }
  return undefined
}
