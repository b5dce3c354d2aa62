import type {Http, TraceSummary} from '@aws-sdk/client-xray'
import {fieldsOf, isComplete, numberOf, textOf} from '../../world/document-fields.ts'
import {responseTimeRootCauses, rootCauses} from './root-causes.ts'
import {
  availabilityZones,
  instanceIds,
  resourceArns,
  serviceId,
  servicesOf,
  summaryAnnotations,
  summaryUsers,
} from './summary-values.ts'
import {durationOf, type TraceSegment, type TraceTree, workOf} from './trace-tree.ts'

/** What GetTraceSummaries tells of a trace. */
export function summaryOf(tree: TraceTree): TraceSummary {
  const {root} = tree
  return {
    Id: tree.id,
    StartTime: new Date(tree.start * 1000),
    Duration: workOf(tree),
    ...(isComplete(root.document) && {ResponseTime: durationOf(root.document)}),
    HasFault: root.document.fault === true,
    HasError: root.document.error === true,
    HasThrottle: hasThrottle(tree),
    IsPartial: tree.isPartial,
    Http: httpOf(root),
    Annotations: summaryAnnotations(tree),
    Users: summaryUsers(tree),
    ServiceIds: servicesOf(tree).map(serviceId),
    ResourceARNs: resourceArns(tree).map(ARN => ({ARN})),
    InstanceIds: instanceIds(tree).map(Id => ({Id})),
    AvailabilityZones: availabilityZones(tree).map(Name => ({Name})),
    EntryPoint: serviceId(root.service),
    FaultRootCauses: rootCauses(tree, 'fault'),
    ErrorRootCauses: rootCauses(tree, 'error'),
    ResponseTimeRootCauses: responseTimeRootCauses(tree),
    Revision: tree.revision,
  }
}

export const hasThrottle = ({segments}: TraceTree): boolean => segments.some(({document}) => document.throttle === true)

/** The request that a segment served, as far as it tells. */
export function httpOf({document}: TraceSegment): Http {
  const {request, response} = fieldsOf(document.http)
  const {url, method, user_agent: userAgent, client_ip: clientIp} = fieldsOf(request)
  const [HttpURL, HttpMethod, UserAgent, ClientIp] = [url, method, userAgent, clientIp].map(textOf)
  const HttpStatus = numberOf(fieldsOf(response)['status'])
  return {
    ...(HttpURL !== undefined && {HttpURL}),
    ...(HttpStatus !== undefined && {HttpStatus: Math.trunc(HttpStatus)}),
    ...(HttpMethod !== undefined && {HttpMethod}),
    ...(UserAgent !== undefined && {UserAgent}),
    ...(ClientIp !== undefined && {ClientIp}),
  }
}
