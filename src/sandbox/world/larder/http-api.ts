// The HTTP API in front of the shop: its access log, and how a request goes through it.
import type {Call, CompanyLogGroup, Step} from '../company.ts'

const api = '/aws/apigateway/larder-http-api'

const accessLog = (method: string, route: string, status: string) =>
  `{"requestId":"{requestId}","ip":"{ip}","requestTime":"{time}","httpMethod":"${method}","routeKey":"${method} ${route}","status":"${status}","protocol":"HTTP/1.1","responseLength":"{n:90-2400}","integrationLatency":"{ms}"}`

const access = (method: string, route: string, status: string) => ({
  lines: [[1, 'PRINT', accessLog(method, route, status)] as const],
})

export const accessGroup: CompanyLogGroup = {
  name: api,
  created: '2021-03-09',
  retentionInDays: 30,
  streams: 'api-gateway',
  stories: {
    ordered: access('POST', '/orders', '201'),
    orderFailed: access('POST', '/orders', '500'),
    orderConflict: access('POST', '/orders', '409'),
    orderRead: access('GET', '/orders/{id}', '200'),
    orderReadFailed: access('GET', '/orders/{id}', '500'),
    cart: access('PUT', '/cart', '200'),
    cartFailed: access('PUT', '/cart', '500'),
    catalog: access('GET', '/catalog', '200'),
    catalogMissing: access('GET', '/catalog', '404'),
    catalogFailed: access('GET', '/catalog', '500'),
    search: access('GET', '/search', '200'),
    searchFailed: access('GET', '/search', '500'),
  },
}

/** A request through the HTTP API to one function. */
export const http = (story: string, call: Omit<Call, 'via' | 'afterMs'>): Step => ({
  in: api,
  story,
  ms: [6, 20],
  calls: [{...call, via: 'sync', afterMs: 7}],
})
