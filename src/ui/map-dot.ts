import type {Health, MapEdge, MapService, ServiceMap} from '../services/traces/service-map.ts'
import {edgeFacts, serviceFacts} from './map-facts.ts'
import {callsPerMinute, percent, time} from './map-numbers.ts'
import {printableName} from './printable.ts'
import {serviceKind} from './service-kind.ts'

// dark enough on white, light enough on black
const colors: Readonly<Record<Health, string>> = {failing: '#cf222e', straining: '#9a6700', ok: '#6e7781'}

/** The map in Graphviz's language: red fails, dashed is asynchronous, all numbers in the tooltips. */
export function mapDot(map: ServiceMap): string {
  const {services, edges} = map
  return [
    'digraph map {',
    '  rankdir=LR',
    '  graph [fontname="Helvetica", ranksep=1.1, nodesep=0.3]',
    '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11]',
    '  edge [fontname="Helvetica", fontsize=9]',
    ...services.map(service => `  ${quoted(service.id)} [${attributes(serviceAttributes(service))}]`),
    ...edges.map(edge => `  ${quoted(edge.from)} -> ${quoted(edge.to)} [${attributes(edgeAttributes(edge))}]`),
    '}',
    '',
  ].join('\n')
}

type Attributes = Readonly<Record<string, string>>

function serviceAttributes(service: MapService): Attributes {
  const {shownName, stats, isClient} = service
  const health = stats?.health ?? 'ok'
  const facts = stats
    ? [`${callsPerMinute(stats)}/min`, percent(stats.faults, stats), time(stats.p95Ms)].filter(Boolean)
    : []
  const lines = [shownName, [serviceKind(service), ...facts].filter(Boolean).join(' · ')].filter(Boolean)
  const color = colors[health]
  return {
    label: lines.map(line => printableName(line)).join('\n'),
    ...(isClient && {shape: 'ellipse'}),
    color,
    ...(health !== 'ok' && {fontcolor: color}),
    tooltip: serviceFacts(service),
  }
}

function edgeAttributes(edge: MapEdge): Attributes {
  const {stats, isAsync, ageP50Ms} = edge
  const health = stats?.health ?? 'ok'
  const facts = [
    stats ? `${callsPerMinute(stats)}/min` : '',
    stats ? percent(stats.faults, stats) : '',
    isAsync ? (ageP50Ms === null ? '' : `age ${time(ageP50Ms)}`) : time(stats?.p95Ms ?? null),
  ]
  const color = colors[health]
  return {
    label: facts.filter(Boolean).join(' '),
    color,
    ...(health !== 'ok' && {fontcolor: color}),
    ...(isAsync && {style: 'dashed'}),
    tooltip: edgeFacts(edge),
  }
}

const attributes = (all: Attributes): string =>
  Object.entries(all)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(', ')

/** A string as Graphviz reads it: what it would take for an escape or for a reference to HTML is a character of the text. */
function quoted(text: string): string {
  const lines = text
    .split('\n')
    .map(line => printableName(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;'))
  return `"${lines.join('\\n')}"`
}
