import type {Trace, TraceNode} from './trace.ts'

/** A node that stands for one execution of a function, whose log lines are its own. */
export type FunctionNode = {
  readonly node: TraceNode
  /** null where only the trace is known that it ran for */
  readonly requestId: string | null
  readonly functionArn: FunctionArn
  /** as the segment names it; null where it does not */
  readonly logGroup: string | null
  /** epoch ms */
  readonly start: number
  /** epoch ms; null where it runs on, or nobody knows */
  readonly end: number | null
}

/** The parts of a function's ARN, without its qualifier. */
export type FunctionArn = {
  readonly arn: string
  readonly region: string
  readonly account: string
  readonly name: string
}

const functionArn = /^(arn:[\w-]+:lambda:([\w-]+):(\d{12}):function:([\w-]{1,140}))(?::[\w$-]+)?$/

/**
 * The executions in a trace: functions' own segments, and Lambda's where the function sent none, down to what only the call of it
 * tells. What names no function is none, as nobody can tell its lines; nor is a call that names no request.
 */
export function functionNodes({nodes}: Trace): readonly FunctionNode[] {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const found = nodes.flatMap(node => (isOwn(node) ? (executionOf(node, byId) ?? []) : []))
  const told = new Set(found.map(({requestId}) => requestId))
  for (const node of nodes) {
    const silent = isOwn(node) || !isService(node) ? null : executionOf(node, byId)
    if (silent === null || silent.requestId === null || told.has(silent.requestId)) continue
    told.add(silent.requestId)
    found.push(silent)
  }
  return found
}

const isOwn = ({role, span}: TraceNode): boolean => role === 'function' || span.origin === 'AWS::Lambda::Function'
const isService = ({role, span}: TraceNode): boolean => role === 'service' || span.origin === 'AWS::Lambda'

function executionOf(node: TraceNode, byId: ReadonlyMap<string, TraceNode>): FunctionNode | null {
  const {span} = node
  const arn = functionArnIn(span.functionArn) ?? functionArnIn(span.resourceArn) ?? calledFrom(node, byId)
  if (arn === null) return null
  return {
    node,
    requestId: span.requestId?.toLowerCase() ?? null,
    functionArn: arn,
    logGroup: span.logGroup,
    start: span.start,
    end: span.end,
  }
}

function functionArnIn(text: string | null): FunctionArn | null {
  const [, arn, region, account, name] = functionArn.exec(text ?? '') ?? []
  return arn && region && account && name ? {arn, region, account, name} : null
}

/** A function that a call names, without saying where: where its caller is. */
function calledFrom({span, parentId}: TraceNode, byId: ReadonlyMap<string, TraceNode>): FunctionArn | null {
  const name = /^[\w-]{1,64}/.exec(span.resource ?? '')?.[0]
  if (name === undefined || span.operation !== 'Invoke') return null
  for (let above = byId.get(parentId ?? ''); above; above = byId.get(above.parentId ?? '')) {
    const caller = functionArnIn(above.span.functionArn) ?? functionArnIn(above.span.resourceArn)
    if (caller) return {...caller, name, arn: caller.arn.replace(/[^:]+$/, name)}
  }
  return null
}
