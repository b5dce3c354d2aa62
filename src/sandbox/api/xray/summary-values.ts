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

/** A value and the segments that have it, for each value that any has. */
function holders<Value>(
  {segments}: TraceTree,
  valuesOf: (segment: TraceSegment) => readonly Value[],
): ReadonlyMap<Value, readonly TraceSegment[]> {
  const found = new Map<Value, TraceSegment[]>()
  for (const segment of segments)
    for (const value of new Set(valuesOf(segment))) {
      const known = found.get(value)
      if (known) known.push(segment)
      else found.set(value, [segment])
    }
  return found
}

const serviceIds = (segments: readonly TraceSegment[]) => servicesOf({segments}).map(serviceId)

export function summaryAnnotations(tree: TraceTree): Record<string, ValueWithServiceIds[]> {
  const keys = new Set(tree.segments.flatMap(segment => annotationsOf(segment).map(([key]) => key)))
  return Object.fromEntries(
    [...keys].map(key => {
      const values = holders(tree, segment =>
        annotationsOf(segment).flatMap(([own, value]) => (own === key ? [value] : [])),
      )
      return [
        key,
        [...values].map(([value, segments]) => ({
          AnnotationValue: annotationValue(value),
          ServiceIds: serviceIds(segments),
        })),
      ]
    }),
  )
}

function annotationValue(value: AnnotationValue) {
  if (typeof value === 'string') return {StringValue: value}
  return typeof value === 'number' ? {NumberValue: value} : {BooleanValue: value}
}

export function summaryUsers(tree: TraceTree): TraceUser[] {
  const users = holders(tree, ({document}) => [textOf(document.user)].filter(user => user !== undefined))
  return [...users].map(([UserName, segments]) => ({UserName, ServiceIds: serviceIds(segments)}))
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
