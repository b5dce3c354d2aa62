import {expect} from 'vitest'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import type {Trace, TraceNode} from '../../../src/services/traces/trace.ts'
import {faultsOf} from './check-trace.ts'
import type {TestTrace} from './documents.ts'

/** A test trace as a tree with which nothing is wrong. */
export function assembled({fetched}: TestTrace): Trace {
  const trace = assembleTrace(fetched)
  expect(faultsOf(trace, fetched)).toEqual([])
  return trace
}

export const node = (trace: Trace, id: string): TraceNode | undefined => trace.nodes.find(one => one.id === id)

/** `name role` of each node, two spaces for each one above it. */
export function drawn({nodes}: Trace): readonly string[] {
  const depths = new Map<string, number>()
  return nodes.map(({id, parentId, role, span}) => {
    const depth = parentId === null ? 0 : (depths.get(parentId) ?? 0) + 1
    depths.set(id, depth)
    return `${'  '.repeat(depth)}${span.name}${role === null ? '' : ` ${role}`}`
  })
}

/** How often was warned of what. */
export const warned = ({warnings}: Trace): Readonly<Record<string, number>> =>
  Object.fromEntries(warnings.map(({code, count}) => [code, count]))

export const criticalSum = ({nodes}: Trace): number => nodes.reduce((sum, {criticalMs}) => sum + (criticalMs ?? 0), 0)
