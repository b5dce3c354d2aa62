import {type EventStage, type Held, heldEvents} from './held-events.ts'
import {traceIdIn} from './trace-id.ts'

type Request = {isOfTrace: boolean | null; waiting: Held[]}

const maxRequests = 20_000

/**
 * Shows the events of one trace: of every request that belongs to it, all lines, though only some name the trace. A text
 * function's REPORT is the only line that does, and the last: a request's lines wait for it, at most `maxHeld` events
 * in all (with 0 they are shown together when it comes). `traceId` may have any form that `traceIdIn` knows.
 */
export function selectTrace(traceId: string, maxHeld: number): EventStage {
  const wanted = traceIdIn(traceId) ?? traceId
  const events = heldEvents(maxHeld)
  const requests = new Map<string, Request>()

  function decide(request: Request, isOfTrace: boolean): void {
    request.isOfTrace = isOfTrace
    for (const held of request.waiting) events.decide(held, isOfTrace)
    request.waiting = []
  }

  function requestOf(requestId: string): Request {
    const known = requests.get(requestId)
    if (known) return known
    const [oldest] = requests
    if (requests.size >= maxRequests && oldest) {
      decide(oldest[1], false)
      requests.delete(oldest[0])
    }
    const request: Request = {isOfTrace: null, waiting: []}
    requests.set(requestId, request)
    return request
  }

  return {
    push(event) {
      const held = events.hold(event)
      const {requestId, version, kind} = event
      // access logs and containers have requests, too, but no REPORT to wait for
      const waits = version !== null || kind !== 'app' || (requestId !== null && requests.has(requestId))
      if (requestId === null || !waits) events.decide(held, event.traceId === wanted)
      else {
        const request = requestOf(requestId)
        request.waiting.push(held)
        // Another id in a line of the application decides nothing: loggers are known to repeat the one of their first request.
        const byPlatform = kind === 'report' || (kind === 'start' && event.traceId !== null)
        if (event.traceId === wanted) decide(request, true)
        else if (request.isOfTrace !== null) decide(request, request.isOfTrace)
        else if (byPlatform) decide(request, false)
      }
      return events.take()
    },
    flush: () => events.takeAll(),
  }
}
