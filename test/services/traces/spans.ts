import type {Span} from '../../../src/services/traces/span.ts'

/** A span that says nothing but what is given. */
export function spanOf(more: Partial<Span> = {}): Span {
  return {
    id: 'a1a1a1a1a1a1a1a1',
    parentId: null,
    documentId: 'a1a1a1a1a1a1a1a1',
    kind: 'segment',
    name: 'checkout-api',
    origin: null,
    namespace: null,
    start: 0,
    end: 1_000,
    isInferred: false,
    status: 'ok',
    cause: null,
    http: null,
    operation: null,
    resource: null,
    resourceArn: null,
    requestId: null,
    retries: 0,
    functionArn: null,
    logGroup: null,
    account: null,
    region: null,
    annotations: {},
    metadata: null,
    user: null,
    links: [],
    ...more,
  }
}
