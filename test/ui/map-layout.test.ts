import fc from 'fast-check'
import {expect, test} from 'vitest'
import {mapLayout} from '../../src/ui/map-layout.ts'
import {edge, larder, makeMap, service} from './maps.ts'

const box = {width: 100, height: 40}

test('who calls stands left of what is called', () => {
  const {places} = mapLayout(larder, box)
  for (const {from, to} of larder.edges)
    if (from !== to) expect(places.get(from)?.x).toBeLessThan(places.get(to)?.x ?? 0)
})

test('whatever calls what: boxes do not overlap, lines do not cross them, and all is on the sheet', () => {
  const node = fc.nat({max: 14})
  fc.assert(
    fc.property(fc.array(fc.tuple(node, node), {maxLength: 40}), pairs => {
      const services = Array.from({length: 15}, (_, i) => service(`s${i}`, 'remote', {calls: i}))
      const edges = pairs.flatMap(([a, b]) => {
        const [from, to] = [services[a], services[b]]
        return from && to ? [edge(from, to, {calls: 1})] : []
      })
      const {places, routes, loops, width, height} = mapLayout(makeMap(services, edges), box)
      expect(routes.length + loops.length).toBe(edges.length)
      const all = [...places.values()]
      expect(all).toHaveLength(15)
      for (const [i, a] of all.entries()) {
        expect(a.x - box.width / 2 >= 0 && a.x + box.width / 2 <= width).toBe(true)
        expect(a.y - box.height / 2 >= 0 && a.y + box.height / 2 <= height).toBe(true)
        for (const b of all.slice(i + 1))
          expect(Math.abs(a.x - b.x) >= box.width || Math.abs(a.y - b.y) >= box.height).toBe(true)
      }
      for (const {points} of routes)
        for (const {x, y} of points) {
          const isInside = all.some(at => Math.abs(at.x - x) < box.width / 2 && Math.abs(at.y - y) < box.height / 2)
          expect(isInside).toBe(false)
        }
    }),
  )
})
