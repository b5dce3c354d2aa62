// The HTTP API in front of the shop: its access log, and how a request goes through it.
import type {Call, CompanyLogGroup, Step, Story} from '../company.ts'

const api = '/aws/apigateway/larder-http-api'

const accessLog = (method: string, route: string, status: string) =>
  `{"requestId":"{requestId}","ip":"{ip}","requestTime":"{time}","httpMethod":"${method}","routeKey":"${method} ${route}","status":"${status}","protocol":"HTTP/1.1","responseLength":"{n:90-2400}","integrationLatency":"{ms}"}`

// mails to customers have links with a token in them
const orderPaths = [
  '/orders/{order}',
  '/orders/{order}',
  '/orders/{order}',
  '/orders/{order}?access_token=olt_{hex:32}&utm_source=mail',
] as const

const catalogPaths = ['/catalog?sku={sku}', '/catalog?city={city}&page={n:1-9}'] as const

const access = (method: string, route: string, status: number, ...paths: [string, ...string[]]): Story => ({
  lines: [[1, 'PRINT', accessLog(method, route, String(status))]],
  http: {method, paths, status, ...(route.startsWith('/orders') && {user: '{customer}'})},
})

export const accessGroup: CompanyLogGroup = {
  name: api,
  created: '2021-03-09',
  retentionInDays: 30,
  streams: 'api-gateway',
  traced: {as: 'stage', name: 'larder-http-api', apiId: 'k3v9x1q7ta', stage: 'prod'},
  stories: {
    ordered: access('POST', '/orders', 201, '/orders'),
    orderFailed: access('POST', '/orders', 500, '/orders'),
    orderConflict: access('POST', '/orders', 409, '/orders'),
    orderRead: access('GET', '/orders/{id}', 200, ...orderPaths),
    orderReadFailed: access('GET', '/orders/{id}', 500, ...orderPaths),
    cart: access('PUT', '/cart', 200, '/cart'),
    cartFailed: access('PUT', '/cart', 500, '/cart'),
    catalog: access('GET', '/catalog', 200, ...catalogPaths),
    catalogMissing: access('GET', '/catalog', 404, ...catalogPaths),
    catalogFailed: access('GET', '/catalog', 500, ...catalogPaths),
    search: access('GET', '/search', 200, '/search?q={query}'),
    searchFailed: access('GET', '/search', 500, '/search?q={query}'),
  },
}

/** A request through the HTTP API to one function. */
export const http = (story: string, call: Omit<Call, 'via' | 'afterMs'>): Step => ({
  in: api,
  story,
  ms: [6, 20],
  calls: [{...call, via: 'sync', afterMs: 7}],
})
