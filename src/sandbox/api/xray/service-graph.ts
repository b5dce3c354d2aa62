import type {Edge, Service as GraphService} from '@aws-sdk/client-xray'
import {fieldsOf, listOf, numberOf, textOf} from '../../world/document-fields.ts'
import type {SubsegmentDocument} from '../../world/segment-document.ts'
import {serviceId, serviceKey} from './summary-values.ts'
import {addTime, addTo, emptyTally, histogramOf, spanOf, statisticsOf, type Tally, widen} from './tally.ts'
import {endOf, type Service, type TraceSegment, type TraceTree} from './trace-tree.ts'

type EdgeTally = Tally & {readonly to: ServiceTally; readonly isLink: boolean}
type ServiceTally = Tally & {
  readonly service: Service
  readonly edges: Map<string, EdgeTally>
  isRoot: boolean
  /** it told of itself, it was not only called */
  isActive: boolean
}

/**
 * The graph of the services of some traces: a client before each service that nobody in its trace called, calls as edges
 * with what the caller saw of them, and messages that were received as edges of type `link` with their age.
 */
export async function serviceGraph(
  trees: Iterable<TraceTree> | AsyncIterable<TraceTree>,
): Promise<readonly GraphService[]> {
  const services = new Map<string, ServiceTally>()
  const tallyOf = (service: Service): ServiceTally => {
    const key = serviceKey(service)
    const known = services.get(key)
    if (known) return known
    const made = {...emptyTally(), service, edges: new Map(), isRoot: false, isActive: false}
    services.set(key, made)
    return made
  }
  for await (const tree of trees)
    for (const segment of tree.segments) addSegment(segment, segment === tree.root, tallyOf)
  const order = [...services.values()].filter(({start, end}) => start <= end)
  const references = new Map(order.map((tally, index) => [tally, index]))
  return order.map((tally, index) => graphService(tally, index, references))
}

function addSegment(segment: TraceSegment, isRoot: boolean, tallyOf: (service: Service) => ServiceTally): void {
  const {document, service, nodes} = segment
  const own = tallyOf(service)
  addTo(own, document)
  own.isActive ||= document.inferred !== true
  const parent = nodes[0]?.parent
  if (parent) addTo(edgeOf(tallyOf(parent.segment.service), own), parent.isSegment ? document : parent.document)
  else if (document.parent_id === undefined && !isReceived(document)) {
    const client = tallyOf({name: service.name, type: 'client', accountId: undefined})
    widen(client, document)
    addTo(edgeOf(client, own), document)
  }
  own.isRoot ||= isRoot
  if (document.inferred === true && parent) addLinks(parent.document, own, tallyOf)
}

/** Queues, and the services that received what was sent to them. */
function addLinks(sent: SubsegmentDocument, queue: ServiceTally, tallyOf: (service: Service) => ServiceTally): void {
  for (const link of listOf(sent.links)) {
    const attributes = fieldsOf(fieldsOf(link)['attributes'])
    const of = (name: string) => attributes[`aws.xray.reserved.${name}`]
    const name = textOf(listOf(of('names'))[0])
    const received = numberOf(of('dwell_end_time'))
    if (of('reference_type') !== 'child' || name === undefined || received === undefined) continue
    const receiver = tallyOf({name, type: textOf(of('type')), accountId: queue.service.accountId})
    const edge = edgeOf(queue, receiver, true)
    const age = {start_time: endOf(sent), end_time: Math.max(endOf(sent), received)}
    widen(edge, age)
    widen(receiver, {start_time: received, end_time: received})
    addTime(edge.times, age.end_time - age.start_time)
  }
}

const isReceived = ({links}: SubsegmentDocument) =>
  listOf(links).some(link => fieldsOf(fieldsOf(link)['attributes'])['aws.xray.reserved.reference_type'] === 'parent')

function edgeOf(from: ServiceTally, to: ServiceTally, isLink = false): EdgeTally {
  const key = `${isLink}${serviceKey(to.service)}`
  const known = from.edges.get(key)
  if (known) return known
  const made = {...emptyTally(), to, isLink}
  from.edges.set(key, made)
  return made
}

function graphService(tally: ServiceTally, index: number, references: ReadonlyMap<ServiceTally, number>): GraphService {
  const isClient = tally.service.type === 'client'
  const histogram = histogramOf(tally.times)
  return {
    ReferenceId: index,
    ...serviceId(tally.service),
    ...(tally.isRoot && {Root: true}),
    State: tally.isActive ? 'active' : 'unknown',
    ...spanOf(tally),
    Edges: [...tally.edges.values()].map(edge => graphEdge(edge, references)),
    // Nobody tells of what clients do but what they call.
    ...(!isClient && {
      SummaryStatistics: statisticsOf(tally),
      DurationHistogram: histogram,
      ResponseTimeHistogram: histogram,
    }),
  }
}

function graphEdge(edge: EdgeTally, references: ReadonlyMap<ServiceTally, number>): Edge {
  const common = {ReferenceId: references.get(edge.to) ?? 0, ...spanOf(edge), Aliases: []}
  return edge.isLink
    ? {...common, EdgeType: 'link', ReceivedEventAgeHistogram: histogramOf(edge.times)}
    : {...common, SummaryStatistics: statisticsOf(edge), ResponseTimeHistogram: histogramOf(edge.times)}
}
