import type {CallStats, MapEdge, MapService, ServiceMap} from '../services/traces/service-map.ts'
import {reportJson} from './report-json.ts'

/** The map as one `slsops/map@1` document. */
export function mapJson({coverage, services, edges, failures, notes}: ServiceMap): string {
  return reportJson('map', coverage, {
    services: services.map(service => serviceJson(service)),
    edges: edges.map(edge => edgeJson(edge)),
    failures: failures.map(({service, feltBy}) => ({service: service.id, feltBy: feltBy.map(({id}) => id)})),
    notes,
  })
}

function serviceJson(service: MapService) {
  const {id, name, type, functionName, account, region, isClient, isRoot, stats} = service
  return {
    id,
    account,
    region,
    name,
    type,
    function: functionName,
    functionArn: functionName === null || account === null ? null : functionArn(region, account, functionName),
    client: isClient,
    root: isRoot,
    ...statsJson(stats),
  }
}

function edgeJson({from, to, isAsync, stats, ageP50Ms, ageP95Ms}: MapEdge) {
  return {from, to, async: isAsync, ...statsJson(stats), ageP50Ms, ageP95Ms}
}

/** Null where AWS counts nothing; a rate of nothing is null too. */
function statsJson(stats: CallStats | null) {
  const {
    calls = null,
    overMs = 0,
    errors = null,
    throttles = null,
    faults = null,
    p50Ms = null,
    p95Ms = null,
  } = stats ?? {}
  const rate = (part: number | null, of: number | null): number | null => (part === null || !of ? null : part / of)
  return {
    calls,
    callsPerMinute: rate(calls, overMs / 60_000),
    errors,
    throttles,
    faults,
    errorRate: rate(errors, calls),
    throttleRate: rate(throttles, calls),
    faultRate: rate(faults, calls),
    p50Ms,
    p95Ms,
  }
}

/** X-Ray names functions without their ARNs, of which the rest is known. */
function functionArn(region: string, account: string, name: string): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  return `arn:${partition}:lambda:${region}:${account}:function:${name}`
}
