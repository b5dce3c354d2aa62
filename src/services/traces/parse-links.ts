import {traceIdIn} from '../logs/trace-id.ts'
import {type Fields, fieldsOf, listOf, textOf, timeOf} from './document-fields.ts'
import type {SpanLink} from './span.ts'

/** X-Ray takes at most 100 in a trace. */
const keptLinks = 100
const reserved = 'aws.xray.reserved.'

/** The links of a segment or subsegment that name a trace. */
export function parseLinks(links: unknown): readonly SpanLink[] {
  return listOf(links)
    .slice(0, keptLinks)
    .map(link => linkFrom(fieldsOf(link)))
    .filter(link => link !== null)
}

function linkFrom(link: Fields): SpanLink | null {
  const traceId = traceIdIn(textOf(link['trace_id']) ?? '')
  if (traceId === null) return null
  const attributes = fieldsOf(link['attributes'])
  const reference = attributes[`${reserved}reference_type`]
  return {
    traceId,
    spanId: textOf(link['id']),
    reference: reference === 'parent' || reference === 'child' ? reference : null,
    dwellEnd: timeOf(attributes[`${reserved}dwell_end_time`]),
    receivedEnd: timeOf(attributes[`${reserved}received_event_end_time`]),
  }
}
