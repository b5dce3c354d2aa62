// Articles, categories and search.
import type {CompanyFunction, Entry} from '../company.ts'
import {http} from './http-api.ts'
import {http as asks} from './uses.ts'

const index = 'https://index.internal.example/articles/_search'

export const catalogApi: CompanyFunction = {
  name: 'catalog-api',
  description: 'Articles, categories, availability',
  created: '2021-04-12',
  runtime: 'python3.12',
  handler: 'catalog.app.handler',
  architecture: 'x86_64',
  memorySizeMB: 512,
  memoryUsedMB: [118, 160],
  timeoutSeconds: 8,
  codeSizeMB: 9.7,
  initMs: [780, 1540],
  logger: 'logging',
  logFormat: 'JSON',
  retentionInDays: 14,
  layers: ['larder-python-common:14'],
  // what its cache does not have takes longer
  work: {waitMs: 4, cpuMs: 2.56, noise: 0.05, second: {share: 0.2, times: 4}},
  stories: {
    article: {
      lines: [
        [0.9, 'INFO', 'GET /articles', {sku: '{sku}', product: '{product}', store: '{store}', latency_ms: '{ms}'}],
      ],
    },
    category: {
      lines: [
        [0.5, 'DEBUG', 'cache miss', {key: 'cat:{hex:6}'}],
        [0.9, 'INFO', 'GET /categories', {page: '{n:1-9}', hits: '{n:4-48}', city: '{city}', latency_ms: '{ms}'}],
      ],
    },
    missing: {
      lines: [[0.8, 'WARN', 'no such article', {sku: '{otherSku}-OLD', referrer: 'https://larder.example/{hex:6}'}]],
    },
    broken: {
      lines: [[0.3, 'WARN', 'search index answers slowly', {latency_ms: '{n:700-1900}'}]],
      failure: {
        type: 'KeyError',
        message: "'availability'",
        stack: [
          'File "/var/task/catalog/app.py", line 61, in handler\n    return view(article)',
          'File "/var/task/catalog/view.py", line 22, in view\n    stock = article["availability"]',
        ],
      },
    },
  },
}

export const search: CompanyFunction = {
  name: 'search',
  description: 'Full-text search over articles',
  created: '2022-02-14',
  runtime: 'java21',
  handler: 'com.larder.search.SearchHandler::handleRequest',
  architecture: 'x86_64',
  memorySizeMB: 1024,
  memoryUsedMB: [228, 301],
  timeoutSeconds: 8,
  codeSizeMB: 31,
  initMs: [480, 1190],
  logger: 'log4j',
  retentionInDays: 14,
  tracing: 'Active',
  snapStart: true,
  olderVersions: 4,
  releases: [
    {version: 8, daysAgo: 60},
    {version: 9, daysAgo: 15},
  ],
  // it asks the index twice where once was enough
  waiting: [{version: 10, daysAgo: 1.3}],
  stories: {
    found: {
      uses: [asks('POST', index, 0.15, [9, 55])],
      lines: [[0.85, 'INFO', 'query="{query}" hits={n:1-240} took={ms}ms']],
    },
    foundTwice: {
      uses: [asks('POST', index, 0.1, [9, 55]), asks('POST', `${index}?explain=true`, 0.5, [18, 110])],
      lines: [[0.85, 'INFO', 'query="{query}" hits={n:1-240} rescored={n:1-240} took={ms}ms']],
    },
    nothing: {
      uses: [asks('POST', index, 0.12, [9, 40]), asks('POST', `${index}?fuzzy=true`, 0.55, [16, 70])],
      lines: [
        [0.5, 'WARN', 'query="{query}x" no hits, trying fuzzy'],
        [0.9, 'INFO', 'query="{query}x" hits={n:0-3} took={ms}ms'],
      ],
    },
    broken: {
      uses: [asks('POST', index, 0.15, [9, 40], 503)],
      lines: [[0.4, 'INFO', 'query="{query}" shard 3 not answering']],
      failure: {
        type: 'java.lang.IllegalStateException',
        message: 'index segment _4{hex:2} is closed',
        stack: [
          'com.larder.search.Segments.read(Segments.java:118)',
          'com.larder.search.SearchHandler.query(SearchHandler.java:74)',
          'com.larder.search.SearchHandler.handleRequest(SearchHandler.java:41)',
          'java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(Unknown Source)',
          'java.base/java.lang.reflect.Method.invoke(Unknown Source)',
        ],
      },
    },
  },
}

export const catalogRequests: Entry = {
  name: 'GET /catalog',
  perDay: 14_000,
  shape: 'shop',
  scenarios: [
    {name: 'article', share: 0.7, start: http('catalog', {in: 'catalog-api', story: 'article', ms: [9, 64]})},
    {name: 'category', share: 0.28, start: http('catalog', {in: 'catalog-api', story: 'category', ms: [41, 230]})},
    {name: 'missing', share: 0.018, start: http('catalogMissing', {in: 'catalog-api', story: 'missing', ms: [7, 22]})},
    {
      name: 'broken',
      share: 0.0008,
      start: http('catalogFailed', {in: 'catalog-api', story: 'broken', ms: [700, 1900], outcome: 'error'}),
    },
  ],
}

export const searchRequests: Entry = {
  name: 'GET /search',
  perDay: 5200,
  shape: 'shop',
  scenarios: [
    {
      name: 'found',
      share: 0.93,
      shareOn: {'10': 0},
      start: http('search', {in: 'search', story: 'found', ms: [21, 140]}),
    },
    {name: 'nothing', share: 0.068, start: http('search', {in: 'search', story: 'nothing', ms: [58, 240]})},
    {
      name: 'broken',
      share: 0.0012,
      start: http('searchFailed', {in: 'search', story: 'broken', ms: [31, 90], outcome: 'error'}),
    },
    {
      name: 'found twice',
      share: 0,
      shareOn: {'10': 0.93},
      start: http('search', {in: 'search', story: 'foundTwice', ms: [48, 310]}),
    },
  ],
}
