import type {
  booleanKeywords,
  numberKeywords,
  stringKeywords,
} from '../../../../services/traces/filter-expression/syntax.ts'
import {isComplete, textOf} from '../../../world/document-fields.ts'
import {exceptionsOf, isRemote} from '../root-causes.ts'
import {availabilityZones, instanceIds, resourceArns} from '../summary-values.ts'
import {hasThrottle, httpOf} from '../trace-summary.ts'
import {durationOf, type TraceSegment, type TraceTree, workOf} from '../trace-tree.ts'

type FlagKeyword = (typeof booleanKeywords)[number]
type NumberKeyword = (typeof numberKeywords)[number]
type TextKeyword = (typeof stringKeywords)[number]

/** What the keywords of an expression are asked about: a trace, one of its segments, a part of a root cause. */
export type Element = {
  readonly flag: (keyword: FlagKeyword) => boolean
  /** undefined where there is no such number */
  readonly number: (keyword: NumberKeyword) => number | undefined
  /** all values that it has; one that fits is enough */
  readonly texts: (keyword: TextKeyword) => readonly string[]
}

/** A whole trace: how the request to its root ended, and what any of its segments has. */
export function traceElement(tree: TraceTree): Element {
  const {root, segments} = tree
  const self = segmentElement(tree, root)
  return {
    flag: keyword => {
      if (keyword === 'throttle') return hasThrottle(tree)
      if (keyword === 'partial') return tree.isPartial
      if (keyword === 'inferred') return segments.some(({document}) => document.inferred === true)
      return keyword === 'remote' ? tree.nodes.some(isRemote) : self.flag(keyword)
    },
    number: keyword => (keyword === 'duration' ? workOf(tree) : self.number(keyword)),
    texts: keyword =>
      keyword.startsWith('http.')
        ? self.texts(keyword)
        : segments.flatMap(segment => segmentElement(tree, segment).texts(keyword)),
  }
}

/** One segment of a trace: a service that took part. */
export function segmentElement(tree: TraceTree, segment: TraceSegment): Element {
  const {document, service, nodes} = segment
  const of = {segments: [segment]}
  return {
    flag: keyword => {
      switch (keyword) {
        case 'ok':
          return isComplete(document) && !document.error && !document.fault && !document.throttle
        case 'error':
        case 'fault':
        case 'throttle':
          return document[keyword] === true
        case 'partial':
          return !isComplete(document)
        case 'inferred':
          return document.inferred === true
        case 'first':
          return tree.segments[0] === segment
        case 'last':
          return tree.segments.at(-1) === segment
        case 'root':
          return tree.root === segment
        case 'remote':
          return nodes.some(isRemote)
      }
    },
    number: keyword => {
      switch (keyword) {
        case 'responsetime':
        case 'duration':
          return isComplete(document) ? durationOf(document) : undefined
        case 'http.status':
          return httpOf(segment).HttpStatus
        case 'index':
          return tree.segments.indexOf(segment)
        case 'coverage':
          return durationOf(tree.root.document) === 0
            ? undefined
            : Math.min(1, durationOf(document) / durationOf(tree.root.document))
      }
    },
    texts: keyword => {
      switch (keyword) {
        case 'http.url':
          return present(httpOf(segment).HttpURL)
        case 'http.method':
          return present(httpOf(segment).HttpMethod)
        case 'http.useragent':
          return present(httpOf(segment).UserAgent)
        case 'http.clientip':
          return present(httpOf(segment).ClientIp)
        case 'user':
          return present(textOf(document.user))
        case 'name':
          return [service.name]
        case 'type':
          return present(service.type)
        case 'message':
          return nodes.flatMap(exceptionsOf).flatMap(({Message}) => present(Message))
        case 'availabilityzone':
          return availabilityZones(of)
        case 'instance.id':
          return instanceIds(of)
        case 'resource.arn':
          return resourceArns(of)
      }
    },
  }
}

const present = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value])

type CauseFacts = {
  readonly index: number
  readonly count: number
  readonly name: string | undefined
  readonly type?: string | undefined
  readonly message?: string | undefined
  readonly coverage?: number | undefined
  readonly isRemote?: boolean | undefined
  readonly isInferred?: boolean | undefined
}

/** A service, entity or exception on the path of a root cause. */
export function causeElement(facts: CauseFacts): Element {
  const {index, count, name, type, message, coverage} = facts
  return {
    flag: keyword =>
      (keyword === 'first' && index === 0) ||
      (keyword === 'root' && index === 0) ||
      (keyword === 'last' && index === count - 1) ||
      (keyword === 'remote' && facts.isRemote === true) ||
      (keyword === 'inferred' && facts.isInferred === true),
    number: keyword => (keyword === 'index' ? index : keyword === 'coverage' ? coverage : undefined),
    texts: keyword =>
      present(keyword === 'name' ? name : keyword === 'type' ? type : keyword === 'message' ? message : undefined),
  }
}
