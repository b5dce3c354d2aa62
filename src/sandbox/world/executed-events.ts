// What the invocations that clients asked for have written to log groups.
import type {Executed, Executions} from './executions.ts'
import {type Account, eventsOfRun, spanOf} from './log-events.ts'
import type {SandboxLogEvent} from './world.ts'

export type ExecutedEvents = {
  /** those that have a line in a group in [from, to] */
  in(group: string, from: number, to: number): readonly Executed[]
  /** how many start in [from, to) */
  count(group: string, from: number, to: number): number
  /** at least the events in [from, to], in no order; an invocation's come together */
  events(group: string, from: number, to: number, wanted: (stream: string) => boolean): readonly SandboxLogEvent[]
}

/** JSON lines of Python may be stamped up to a second before their START. */
const stampedEarlierMs = 1000

export function executedEvents(executions: Executions, where: Account): ExecutedEvents {
  const executedIn = (group: string, from: number, to: number) =>
    executions.in(group).filter(({placed, endedAt}) => endedAt >= from && spanOf(placed).from - stampedEarlierMs <= to)
  return {
    in: executedIn,
    count: (group, from, to) => executions.in(group).filter(({placed: {run}}) => run.at >= from && run.at < to).length,
    events: (group, from, to, wanted) =>
      executedIn(group, from, to)
        .filter(({placed}) => wanted(placed.environment.stream))
        .flatMap(({placed, definition}) => eventsOfRun(placed, definition, where)),
  }
}
