import {width} from './columns.ts'
import type {BoxSize, Point} from './map-layout.ts'

/** of a label, in pixels: what a column and a row of its type take at most */
const columnWidth = 6.2
const rowHeight = 13
/** above the line that it is of */
const above = 5
/** where along a curve a label had better be, the middle first */
const shares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78]

type Area = {readonly left: number; readonly right: number; readonly top: number; readonly bottom: number}

/** Where a label of a route may stand, the best first: around the middle of its first curve, then of its others. */
export function wishesAlong(points: readonly Point[]): readonly Point[] {
  const curves = points.slice(1).map((to, i) => [points[i] ?? to, to] as const)
  return curves.flatMap(([from, to]) => shares.map(share => onCurve(from, to, share)))
}

/** A point of the curve that leaves and enters level, by de Casteljau's formula for its control points. */
function onCurve(from: Point, to: Point, share: number): Point {
  const rest = 1 - share
  const bend = (to.x - from.x) / 2
  const x =
    rest ** 3 * from.x +
    3 * rest ** 2 * share * (from.x + bend) +
    3 * rest * share ** 2 * (to.x - bend) +
    share ** 3 * to.x
  return {x, y: from.y + (to.y - from.y) * (3 * share ** 2 - 2 * share ** 3)}
}

/**
 * Puts labels one after the other where they cover neither a box nor each other: at the first wish that is free, or just above
 * or below it; where nothing is free at the best one.
 * @param boxes their middles
 * @returns the middle of a label's base line
 */
export function labelPlaces(
  boxes: readonly Point[],
  {width: wide, height}: BoxSize,
): (text: string, wishes: readonly Point[]) => Point {
  const taken: Area[] = boxes.map(({x, y}) => ({
    left: x - wide / 2,
    right: x + wide / 2,
    top: y - height / 2,
    bottom: y + height / 2,
  }))
  return (text, wishes) => {
    const half = (width(text) * columnWidth) / 2
    const areaAt = ({x, y}: Point): Area => ({left: x - half, right: x + half, top: y - rowHeight + 3, bottom: y + 3})
    const places = [-above, rowHeight].flatMap(shift => wishes.map(({x, y}) => ({x, y: y + shift})))
    const best = places.find(place => !taken.some(area => isOver(area, areaAt(place)))) ?? places[0] ?? {x: 0, y: 0}
    taken.push(areaAt(best))
    return best
  }
}

const isOver = (a: Area, b: Area): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
