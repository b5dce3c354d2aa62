import type {MapService, ServiceMap} from '../services/traces/service-map.ts'
import {labelAmong} from './scope-label.ts'

/** Where a service is, in maps of several regions or accounts: its scope, or the account that is none of these. */
export function placeLabel({coverage: {scopes}}: Pick<ServiceMap, 'coverage'>): (service: MapService) => string {
  const label = labelAmong(scopes)
  return ({region, account}) => {
    const scope = scopes.find(scope => scope.region === region && (account === null || scope.account === account))
    return scope ? label(scope) : (account ?? '')
  }
}
