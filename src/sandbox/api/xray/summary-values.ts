import type {ServiceId, TraceUser, ValueWithServiceIds} from '@aws-sdk/client-xray'
import {fieldsOf, textOf} from '../../world/document-fields.ts'
import type {Service, TraceSegment, TraceTree} from './trace-tree.ts'

export type AnnotationValue = string | number | boolean

export const serviceId = ({name, type, accountId}: Service): ServiceId => ({
  Name: name,
  Names: [name],
  ...(accountId !== undefined && {AccountId: accountId}),
  ...(type !== undefined && {Type: type}),
})

/** Equal for segments of the same node of the service graph. */
export const serviceKey = ({name, type, accountId}: Service): string => `${type ?? ''}\n${accountId ?? ''}\n${name}`

export function servicesOf({segments}: Pick<TraceTree, 'segments'>): readonly Service[] {
  return [...new Map(segments.map(({service}) => [serviceKey(service), service])).values()]
}

/** The annotations of a segment and its subsegments: key and value, as often as they are set. */
export function annotationsOf({nodes}: TraceSegment): readonly (readonly [string, AnnotationValue])[] {
  return nodes.flatMap(({document}) =>
    Object.entries(fieldsOf(document.annotations)).filter(
      (entry): entry is [string, AnnotationValue] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number' || typeof entry[1] === 'boolean',
    ),
  )
}

type Held<Value> = {readonly value: Value; readonly segment: TraceSegment}

/** Each value once, with the services of the segments that have it. */
function holders<Value>(held: readonly Held<Value>[]) {
  return [...Map.groupBy(held, ({value}) => value)].map(([value, each]) => ({
    value,
    ServiceIds: servicesOf({segments: each.map(({segment}) => segment)}).map(serviceId),
  }))
}

export function summaryAnnotations({segments}: TraceTree): Record<string, ValueWithServiceIds[]> {
  const set = segments.flatMap(segment => annotationsOf(segment).map(([key, value]) => ({key, value, segment})))
  return Object.fromEntries(
    [...Map.groupBy(set, ({key}) => key)].map(([key, held]) => [
      key,
      holders(held).map(({value, ServiceIds}) => ({AnnotationValue: annotationValue(value), ServiceIds})),
    ]),
  )
}

function annotationValue(value: AnnotationValue) {
  if (typeof value === 'string') return {StringValue: value}
  return typeof value === 'number' ? {NumberValue: value} : {BooleanValue: value}
}

export function summaryUsers({segments}: TraceTree): TraceUser[] {
  const held = segments.flatMap(segment => {
    const value = textOf(segment.document.user)
    return value === undefined ? [] : [{value, segment}]
  })
  return holders(held).map(({value, ServiceIds}) => ({UserName: value, ServiceIds}))
}

/** ARNs of what the segments ran on or called, each once. */
export function resourceArns({segments}: Pick<TraceTree, 'segments'>): readonly string[] {
  return distinct(segments.flatMap(({document}) => [document.resource_arn, document.aws?.['function_arn']]))
}

export const instanceIds = ({segments}: Pick<TraceTree, 'segments'>): readonly string[] =>
  distinct(segments.map(({document}) => fieldsOf(document.aws?.['ec2'])['instance_id']))

export const availabilityZones = ({segments}: Pick<TraceTree, 'segments'>): readonly string[] =>
  distinct(segments.map(({document}) => fieldsOf(document.aws?.['ec2'])['availability_zone']))

const distinct = (values: readonly unknown[]): readonly string[] => [
  ...new Set(values.filter(value => typeof value === 'string')),
]
