import {
  booleanKeywords,
  type FilterExpression,
  type FilterValue,
  type NodeSelector,
  numberKeywords,
  type Operator,
  stringKeywords,
} from '../../../../services/traces/filter-expression/syntax.ts'
import {responseTimeRootCauses, rootCauses} from '../root-causes.ts'
import {annotationsOf} from '../summary-values.ts'
import type {Service, TraceSegment, TraceTree} from '../trace-tree.ts'
import {causeElement, type Element, segmentElement, traceElement} from './elements.ts'

/** An operator and what is to the right of it; null: that there is a value, of booleans that it is true. */
type Condition = {readonly operator: Operator; readonly value: FilterValue} | null

/** Whether a trace is one that a filter expression asks for. */
export const matchesFilter = (filter: FilterExpression, tree: TraceTree): boolean =>
  holds(filter, tree, traceElement(tree))

function holds(filter: FilterExpression, tree: TraceTree, element: Element): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every(part => holds(part, tree, element))
    case 'any':
      return filter.of.some(part => holds(part, tree, element))
    case 'not':
      return !holds(filter.of, tree, element)
    case 'is':
    case 'compare': {
      const condition = filter.kind === 'compare' ? filter : null
      return filter.subject.kind === 'annotation'
        ? hasAnnotation(tree, filter.subject.key, condition)
        : isKeywordSo(filter.subject.name, condition, element)
    }
    case 'service':
      return tree.segments.some(
        segment => isMeant(segment.service, filter.node) && isSo(filter.filter, tree, segmentElement(tree, segment)),
      )
    case 'edge':
      return tree.segments.some(
        segment =>
          isMeant(segment.service, filter.to) &&
          isMeant(callerOf(segment), filter.from) &&
          isSo(filter.filter, tree, segmentElement(tree, segment)),
      )
    case 'root-cause':
      return causeElements(tree, filter.of, filter.part).some(each => isSo(filter.filter, tree, each))
  }
}

const isSo = (filter: FilterExpression | null, tree: TraceTree, element: Element) =>
  filter === null || holds(filter, tree, element)

function isKeywordSo(name: string, condition: Condition, element: Element): boolean {
  const flag = booleanKeywords.find(keyword => keyword === name)
  if (flag) return isTrue(element.flag(flag), condition)
  const number = numberKeywords.find(keyword => keyword === name)
  if (number) {
    const found = element.number(number)
    return (
      found !== undefined && (condition === null || isOrdered(found, condition.operator, numberOf(condition.value)))
    )
  }
  const text = stringKeywords.find(keyword => keyword === name)
  if (text)
    return element
      .texts(text)
      .some(found => condition === null || isLike(found, condition.operator, textOf(condition.value)))
  // The one group that every account has.
  return name === 'group.name' && condition !== null && isLike('Default', condition.operator, textOf(condition.value))
}

/** Truths and numbers may stand in quotes. */
const textOf = (value: FilterValue): string => (value.kind === 'string' ? value.text : '')
const numberOf = (value: FilterValue): number => (value.kind === 'number' ? value.value : Number(textOf(value)))

function isTrue(found: boolean, condition: Condition): boolean {
  if (condition === null) return found
  const {operator, value} = condition
  const wanted = value.kind === 'boolean' ? value.value : textOf(value) === 'true'
  return (found === wanted) === (operator === '=')
}

const isMeant = (service: Service, {name, type, account}: NodeSelector) =>
  (name === null || service.name === name) &&
  (type === null || service.type === type) &&
  (account === null || service.accountId === account)

/** The service graph has a client before what nobody in the trace called. */
function callerOf({nodes: [self], service}: TraceSegment): Service {
  return self?.parent?.segment.service ?? {name: service.name, type: 'client', accountId: undefined}
}

function isOrdered(found: number, operator: Operator, wanted: number): boolean {
  switch (operator) {
    case '=':
      return found === wanted
    case '!=':
      return found !== wanted
    case '<':
      return found < wanted
    case '<=':
      return found <= wanted
    case '>':
      return found > wanted
    case '>=':
      return found >= wanted
    default:
      return false
  }
}

function isLike(found: string, operator: Operator, wanted: string): boolean {
  switch (operator) {
    case '=':
      return found === wanted
    case '!=':
      return found !== wanted
    case 'CONTAINS':
      return found.includes(wanted)
    case 'BEGINSWITH':
      return found.startsWith(wanted)
    case 'ENDSWITH':
      return found.endsWith(wanted)
    default:
      return false
  }
}

function hasAnnotation({segments}: TraceTree, key: string, condition: Condition): boolean {
  return segments.some(segment =>
    annotationsOf(segment).some(([own, value]) => own === key && isAnnotated(value, condition)),
  )
}

function isAnnotated(found: string | number | boolean, condition: Condition): boolean {
  if (condition === null) return typeof found !== 'boolean' || found
  const {operator, value} = condition
  if (typeof found === 'number' && value.kind === 'number') return isOrdered(found, operator, value.value)
  if (typeof found === 'string' && value.kind === 'string') return isLike(found, operator, value.text)
  if (typeof found === 'boolean' && value.kind === 'boolean') return isTrue(found, condition)
  // A value of another type is another value.
  return operator === '!='
}

type RootCause = Extract<FilterExpression, {kind: 'root-cause'}>

function causeElements(tree: TraceTree, cause: RootCause['of'], part: RootCause['part']): readonly Element[] {
  const paths = cause === 'responsetime' ? responseTimeRootCauses(tree) : rootCauses(tree, cause)
  return paths.flatMap(({Services: services = []}) => {
    if (part === 'service')
      return services.map(({Name: name, Type: type, Inferred: isInferred}, index) =>
        causeElement({index, count: services.length, name, type, isInferred}),
      )
    const entities = services.flatMap<CauseEntity>(({EntityPath = []}) => EntityPath)
    if (part === 'entity')
      return entities.map(({Name: name, Coverage: coverage, Remote: isRemote}, index) =>
        causeElement({index, count: entities.length, name, coverage, isRemote}),
      )
    const exceptions = entities.flatMap(({Exceptions = []}) => Exceptions)
    return exceptions.map(({Name: name, Message: message}, index) =>
      causeElement({index, count: exceptions.length, name, message}),
    )
  })
}

type CauseEntity = {
  readonly Name?: string | undefined
  readonly Coverage?: number | undefined
  readonly Remote?: boolean | undefined
  readonly Exceptions?:
    | readonly {readonly Name?: string | undefined; readonly Message?: string | undefined}[]
    | undefined
}
