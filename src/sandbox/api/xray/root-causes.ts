import type {
  FaultRootCause,
  FaultRootCauseService,
  ResponseTimeRootCause,
  ResponseTimeRootCauseService,
  RootCauseException,
} from '@aws-sdk/client-xray'
import {fieldsOf, listOf, textOf} from '../../world/document-fields.ts'
import {serviceId} from './summary-values.ts'
import {durationOf, type TraceNode, type TraceTree} from './trace-tree.ts'

type Flag = 'fault' | 'error'

// X-Ray tells of the paths that it found, not of all that there may be.
const maxCauses = 5
/** The share of the response time above which a child is what the time went to. */
const significantShare = 0.5

/** The paths from where a trace first shows a fault or error down to where it began. */
export function rootCauses(tree: TraceTree, flag: Flag): FaultRootCause[] {
  const isFlagged = ({document}: TraceNode) => document[flag] === true
  const causes: FaultRootCause[] = []
  const follow = (path: readonly TraceNode[], last: TraceNode, top: TraceNode): void => {
    if (causes.length >= maxCauses) return
    const next = last.children.filter(isFlagged)
    if (next.length === 0)
      causes.push({Services: pathServices(path, faultEntity), ClientImpacting: top === tree.root.nodes[0]})
    for (const child of next) follow([...path, child], child, top)
  }
  for (const node of tree.nodes)
    if (isFlagged(node) && !(node.parent && isFlagged(node.parent))) follow([node], node, node)
  return causes
}

/** The path that most of the response time was spent on; none for a trace whose root is in progress. */
export function responseTimeRootCauses(tree: TraceTree): ResponseTimeRootCause[] {
  const [self] = tree.root.nodes
  const total = durationOf(tree.root.document)
  if (!self || total === 0 || tree.root.document.end_time === undefined) return []
  const path = [self]
  for (let last: TraceNode | undefined = self; last; ) {
    const longest: TraceNode | undefined = last.children
      .toSorted((a, b) => durationOf(b.document) - durationOf(a.document))
      .find(child => !path.includes(child))
    last = longest && durationOf(longest.document) >= significantShare * total ? longest : undefined
    if (last) path.push(last)
  }
  const Services = pathServices(path, node => ({
    Name: node.document.name,
    Coverage: Math.min(1, Math.round((durationOf(node.document) / total) * 100) / 100),
    Remote: isRemote(node),
  }))
  return [{Services, ClientImpacting: true}]
}

/** A path, cut where it goes from one service to the next. */
function pathServices<Entity>(
  path: readonly TraceNode[],
  entityOf: (node: TraceNode) => Entity,
): (Omit<FaultRootCauseService & ResponseTimeRootCauseService, 'EntityPath'> & {EntityPath: Entity[]})[] {
  const segments = new Set(path.map(({segment}) => segment))
  return [...segments].map(segment => ({
    ...serviceId(segment.service),
    EntityPath: path.filter(node => node.segment === segment).map(entityOf),
    Inferred: segment.document.inferred === true,
  }))
}

const faultEntity = (node: TraceNode) => ({
  Name: node.document.name,
  Exceptions: exceptionsOf(node),
  Remote: isRemote(node),
})

export const isRemote = ({document, segment}: TraceNode): boolean =>
  document.namespace === 'remote' || document.namespace === 'aws' || segment.document.inferred === true

/** The exceptions that a document itself has: a cause that is only an id names another one's. */
export function exceptionsOf({document}: TraceNode): RootCauseException[] {
  return listOf(fieldsOf(document.cause)['exceptions']).map(exception => {
    const {type, message} = fieldsOf(exception)
    return {Name: textOf(type) ?? '', Message: textOf(message) ?? ''}
  })
}
