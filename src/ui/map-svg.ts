import type {CallStats, Health, MapEdge, MapService, ServiceMap} from '../services/traces/service-map.ts'
import {shorten, width} from './columns.ts'
import {edgeFacts, serviceFacts} from './map-facts.ts'
import {labelPlaces, wishesAlong} from './map-labels.ts'
import {mapLayout, type Point} from './map-layout.ts'
import {callsPerMinute, percent, time} from './map-numbers.ts'
import {placeLabel} from './map-place.ts'
import {mapStyle} from './map-style.ts'
import {counted} from './numbers.ts'
import {printableName} from './printable.ts'
import {serviceKind} from './service-kind.ts'
import {xmlText} from './xml.ts'

const box = {width: 216, height: 46}
const headHeight = 40
const footHeight = 20
/** of a name, in columns as on a terminal */
const nameColumns = 28
const aboutColumns = 36
/** with more edges than this only what fails has its numbers beside it; all have them under the pointer */
const mostLabels = 80

/** The map as a drawing that needs nothing but itself: light or dark as the reader has it, all numbers under the pointer. */
export function mapSvg(map: ServiceMap): string {
  const layout = mapLayout(map, box)
  const byId = new Map(map.services.map(service => [service.id, service]))
  const foot = footLines(map)
  const wide = Math.ceil(Math.max(layout.width, 480))
  const height = Math.ceil(layout.height + headHeight + footHeight * (foot.length + 1))
  const label = placeLabel(map)
  const crowd = crowdOf(map)
  const drawing = {
    byId,
    isLabelled: map.edges.length <= mostLabels,
    place: labelPlaces([...layout.places.values()], box),
  }
  const edges = [
    ...layout.routes.map(({edge, points}) => {
      const isAtStart = (crowd.in.get(edge.to) ?? 0) > (crowd.out.get(edge.from) ?? 0)
      const wishes = wishesAlong(isAtStart ? points : points.toReversed())
      return edgeSvg(edge, pathOf(points), wishes, drawing)
    }),
    ...layout.loops.map(edge => {
      const {x, y} = layout.places.get(edge.from) ?? {x: 0, y: 0}
      const [right, top] = [x + box.width / 2, y - box.height / 2]
      const path = `M${number(right - 46)} ${number(top)}C${number(right - 46)} ${number(top - 22)} ${number(right - 14)} ${number(top - 22)} ${number(right - 14)} ${number(top)}`
      return edgeSvg(edge, path, [{x: right - 76, y: top}], drawing)
    }),
  ]
  const services = map.services.map(service =>
    serviceSvg(service, layout.places.get(service.id) ?? {x: 0, y: 0}, label(service)),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${height}" viewBox="0 0 ${wide} ${height}" role="img">`,
    `<title>${xml(headText(map))}</title>`,
    `<style>${mapStyle}</style>`,
    '<defs>',
    ...(['ok', 'straining', 'failing'] as const).map(tip),
    '</defs>',
    `<rect class="ground" width="${wide}" height="${height}"/>`,
    `<text class="head" x="24" y="28">${xml(headText(map))}</text>`,
    `<g transform="translate(0 ${headHeight})">`,
    ...edges.map(({line}) => line),
    ...edges.flatMap(({label}) => label ?? []),
    ...services,
    '</g>',
    ...foot.map(
      ({text, isBad}, i) =>
        `<text class="${isBad ? 'bad' : 'dim'}" x="24" y="${number(layout.height + headHeight + footHeight * (i + 1))}">${xml(text)}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n')
}

const tip = (health: Health): string =>
  `<marker id="tip-${health}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="tip${health === 'ok' ? '' : ` tip-${health}`}" d="M0 0.5 8 4 0 7.5Z"/></marker>`

function headText({coverage: {window, scopes}, services}: ServiceMap): string {
  const [start, end] = [window.start, window.end ?? window.start].map(ms => new Date(ms).toISOString().slice(0, 16))
  const until = end?.slice(0, 10) === start?.slice(0, 10) ? end?.slice(11) : end?.replace('T', ' ')
  const regions = [...new Set(scopes.map(({region}) => region))]
  const shown = services.filter(({isClient}) => !isClient).length
  return [`${start?.replace('T', ' ')} – ${until} UTC`, regions.join(', '), counted(shown, 'service')].join(' · ')
}

function footLines({coverage: {gaps}, notes}: ServiceMap): readonly {readonly text: string; readonly isBad: boolean}[] {
  return [
    {
      text: 'of the requests that X-Ray sampled · red fails, yellow strains · dashed: received later, with its age',
      isBad: false,
    },
    ...gaps.map(({what, reason}) => ({text: `not read: ${what} (${reason})`, isBad: true})),
    ...notes.map(text => ({text, isBad: false})),
  ]
}

function serviceSvg(service: MapService, {x, y}: Point, place: string): string {
  const {stats, isClient} = service
  const [left, top] = [x - box.width / 2, y - box.height / 2]
  const facts = [
    serviceKind(service),
    stats ? `${callsPerMinute(stats)}/min` : '',
    stats ? percent(stats.faults, stats) : '',
    ...(stats ? strainOf(stats) : []),
    stats ? time(stats.p95Ms) : '',
    place,
  ].filter(Boolean)
  const isLong = width(facts.join(' · ')) > aboutColumns
  const about = (isLong ? facts.slice(1) : facts).join(' · ')
  const name = xml(shorten(printableName(service.shownName), nameColumns, '…'))
  return [
    `<g class="${stats?.health ?? 'ok'}"><title>${xml(serviceFacts(service))}</title>`,
    `<rect class="box" x="${number(left)}" y="${number(top)}" width="${box.width}" height="${box.height}" rx="${isClient ? 23 : 7}"/>`,
    about === ''
      ? `<text class="name" x="${number(x)}" y="${number(y + 4)}" text-anchor="middle">${name}</text></g>`
      : `<text class="name" x="${number(left + 12)}" y="${number(y - 4)}">${name}</text><text class="dim" x="${number(left + 12)}" y="${number(y + 13)}">${xml(shorten(printableName(about), aboutColumns, '…'))}</text></g>`,
  ].join('')
}

/** What makes a box yellow is told in it. */
function strainOf(stats: CallStats): readonly string[] {
  const {health, faultHealth, errors, throttles} = stats
  if (health !== 'straining' || faultHealth === 'straining') return []
  return throttles > 0 ? [`${percent(throttles, stats)} throttled`] : [`${percent(errors, stats)} errors`]
}

/** Labels go above all lines, so that none is struck through. */
type EdgeSvg = {readonly line: string; readonly label: string | null}

type EdgeDrawing = {
  readonly byId: ReadonlyMap<string, MapService>
  readonly isLabelled: boolean
  readonly place: (text: string, wishes: readonly Point[]) => Point
}

function edgeSvg(edge: MapEdge, path: string, wishes: readonly Point[], drawing: EdgeDrawing): EdgeSvg {
  const {byId, isLabelled, place} = drawing
  const health = edge.stats?.health ?? 'ok'
  const [from, to] = [byId.get(edge.from)?.name ?? '', byId.get(edge.to)?.name ?? '']
  const text = isLabelled || health !== 'ok' ? labelText(edge) : ''
  const at = text === '' ? null : place(text, wishes)
  const title = `<title>${xml(`${from} → ${to}\n${edgeFacts(edge)}`)}</title>`
  return {
    line: `<g class="${health}${edge.isAsync ? ' async' : ''}">${title}<path class="edge" d="${path}" marker-end="url(#tip-${health})"/></g>`,
    label:
      at === null
        ? null
        : `<g class="${health}">${title}<text class="label" x="${number(at.x)}" y="${number(at.y)}">${xml(text)}</text></g>`,
  }
}

function labelText({stats, ageP50Ms, isAsync}: MapEdge): string {
  const parts = [
    stats ? `${callsPerMinute(stats)}/min` : '',
    stats ? percent(stats.faults, stats) : '',
    isAsync ? time(ageP50Ms) : time(stats?.p95Ms ?? null),
  ]
  return parts.filter(Boolean).join(' ')
}

type Crowd = {readonly in: ReadonlyMap<string, number>; readonly out: ReadonlyMap<string, number>}

function crowdOf({edges}: ServiceMap): Crowd {
  const counts = (pick: (edge: MapEdge) => string): ReadonlyMap<string, number> =>
    new Map([...Map.groupBy(edges, pick)].map(([id, {length}]) => [id, length]))
  return {in: counts(({to}) => to), out: counts(({from}) => from)}
}

/** Curves that leave and enter every point level. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  let [d, at] = [`M${number(first.x)} ${number(first.y)}`, first]
  for (const point of rest) {
    const bend = (point.x - at.x) / 2
    d += `C${number(at.x + bend)} ${number(at.y)} ${number(point.x - bend)} ${number(point.y)} ${number(point.x)} ${number(point.y)}`
    at = point
  }
  return d
}

const number = (value: number): string => String(Math.round(value * 10) / 10)

/** Its own line breaks stay. */
const xml = (text: string): string => text.split('\n').map(xmlText).join('\n')
