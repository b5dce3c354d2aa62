import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {RollbackOutcome, RollbackReport} from '../services/traffic/rollback/rollback.ts'
import {aliasText, servesText, whenText} from './alias-words.ts'
import {paintedRows} from './layout.ts'
import {count, counted} from './numbers.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type RollbackTextOptions = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
}

const executionsShown = 5

/** What became of each, what AWS itself then said last. */
export function rollbackText(
  {members, writes, endedAt}: RollbackReport,
  {terminal, clock}: RollbackTextOptions,
): string {
  const only = members.length === 1
  const lines = members.flatMap(outcome => outcomeLines(outcome, only, endedAt, {terminal, clock}))
  return paintedRows(only ? lines : [...lines, sumLine(members, writes, endedAt, {terminal, clock})], terminal)
}

function outcomeLines(
  {member, state, serves, readAt, writes, detail, durableExecutions, notes}: RollbackOutcome,
  isOnly: boolean,
  endedAt: number,
  {terminal, clock}: RollbackTextOptions,
): readonly Line[] {
  const {ok, fail, dot} = glyphsFor(terminal)
  const read = serves === null || readAt === null ? '' : ` (read back ${whenText(readAt, endedAt, clock)})`
  const already = member.isThere ? ' already' : ''
  const what = serves === null ? '' : ` serves ${servesText(serves)}${state === 'done' ? already : ''}${read}`
  const made = member.isThere
    ? 'nothing to change'
    : member.deploymentId === null
      ? counted(writes, 'write')
      : `deployment ${member.deploymentId} stopped`
  const executions = durableExecutions.slice(0, executionsShown)
  const more = durableExecutions.length - executions.length
  const below: readonly Line[] = [
    ...(durableExecutions.length === 0
      ? []
      : [
          [
            span(
              `  ${counted(durableExecutions.length, 'durable execution')} of ${member.from} ${durableExecutions.length === 1 ? 'goes' : 'go'} on, whatever the alias serves:`,
              'look',
            ),
          ],
          ...executions.map(arn => [span(`    ${arn}`)]),
          ...(more > 0 ? [[span(`    and ${count(more)} more (--json has all)`, 'dim')]] : []),
        ]),
    ...notes.map(note => [span(`  ${note}`, 'look')]),
  ]
  const line: Line =
    state === 'done'
      ? [
          span(`${ok} `, 'good'),
          span(aliasText(member), 'strong'),
          span(what),
          ...(isOnly ? [span(` ${dot} ${made}`, 'dim')] : []),
        ]
      : [
          span(`${fail} `, 'bad'),
          span(aliasText(member), 'strong'),
          span(what),
          span(detail === null ? '' : `: ${detail}`, 'bad'),
        ]
  // what AWS says of it comes last
  return isOnly ? [...below, line] : [line, ...below]
}

function sumLine(
  members: readonly RollbackOutcome[],
  writes: number,
  endedAt: number,
  {terminal, clock}: RollbackTextOptions,
): Line {
  const {ok, fail, dot} = glyphsFor(terminal)
  const of = (state: RollbackOutcome['state']): number => members.filter(one => one.state === state).length
  const [done, foreign, failed] = [of('done'), of('foreign'), of('failed')]
  const isAll = done === members.length
  const parts = [
    `${isAll ? `all ${count(done)}` : `${count(done)} of ${count(members.length)}`} serve what they should (read back ${whenText(endedAt, endedAt, clock)})`,
    counted(writes, 'write'),
    ...(foreign > 0 ? [`${count(foreign)} left alone`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
  ]
  return [span(`${isAll ? ok : fail} `, isAll ? 'good' : 'bad'), span(parts.join(` ${dot} `))]
}
