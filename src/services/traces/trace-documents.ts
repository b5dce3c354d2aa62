import {traceIdIn} from '../logs/trace-id.ts'
import {parseDocument} from './parse-document.ts'
import {parseOtelSpans} from './parse-otel-spans.ts'
import type {FetchedTrace, Span, SpanLink, TraceSource} from './span.ts'

type DocumentFormat = 'xray' | 'otel'

type Collected = {
  readonly source: TraceSource
  readonly documents: Map<string, DocumentFormat>
  isLimitExceeded: boolean
}

/** Documents of traces by id in X-Ray's form, as they come in: a document that comes several times is there once. */
export type TraceDocuments = Map<string, Collected>

export type TraceDocument = {
  /** in any form */
  readonly traceId: string
  readonly source: TraceSource
  readonly document: string
  readonly format: DocumentFormat
}

export function addDocument(documents: TraceDocuments, {traceId, source, document, format}: TraceDocument): void {
  collectedOf(documents, traceIdIn(traceId) ?? traceId, source).documents.set(document, format)
}

/** Notes that X-Ray kept only part of a trace. */
export function markLimitExceeded(documents: TraceDocuments, traceId: string): void {
  collectedOf(documents, traceIdIn(traceId) ?? traceId, 'xray').isLimitExceeded = true
}

/** Adds the traces of which there is nothing yet. */
export function addMissing(documents: TraceDocuments, more: TraceDocuments): void {
  for (const [id, collected] of more) if (!documents.has(id)) documents.set(id, collected)
}

/** What several regions have of the same traces. */
export function united(all: readonly TraceDocuments[]): TraceDocuments {
  const documents: TraceDocuments = new Map()
  for (const [id, part] of all.flatMap(region => [...region])) {
    const whole = collectedOf(documents, id, part.source)
    for (const [document, format] of part.documents) whole.documents.set(document, format)
    whole.isLimitExceeded ||= part.isLimitExceeded
  }
  return documents
}

/** Reads all documents of each trace. */
export function readDocuments(documents: TraceDocuments): ReadonlyMap<string, FetchedTrace> {
  return new Map(Array.from(documents, ([id, collected]) => [id, readTrace(id, collected)]))
}

function readTrace(id: string, {source, documents, isLimitExceeded}: Collected): FetchedTrace {
  const spans: Span[] = []
  const added = new Map<string, SpanLink[]>()
  const problems: string[] = []
  for (const [document, format] of documents) {
    const parsed = format === 'otel' ? parseOtelSpans(document) : {...parseDocument(document), addedLinks: []}
    for (const span of parsed.spans) spans.push(span)
    for (const problem of parsed.problems) problems.push(problem)
    for (const {spanId, links} of parsed.addedLinks) {
      const known = added.get(spanId)
      if (known) known.push(...links)
      else added.set(spanId, [...links])
    }
  }
  return {
    id,
    source,
    spans: added.size === 0 ? spans : spans.map(span => withLinks(span, added.get(span.id) ?? [])),
    isLimitExceeded,
    problems,
  }
}

function withLinks(span: Span, added: readonly SpanLink[]): Span {
  if (added.length === 0) return span
  const links = new Map<string, SpanLink>()
  for (const link of [...span.links, ...added]) {
    const to = `${link.traceId} ${link.spanId}`
    if (!links.has(to)) links.set(to, link)
  }
  return {...span, links: [...links.values()]}
}

function collectedOf(documents: TraceDocuments, id: string, source: TraceSource): Collected {
  const known = documents.get(id)
  if (known) return known
  const collected = {source, documents: new Map(), isLimitExceeded: false}
  documents.set(id, collected)
  return collected
}
