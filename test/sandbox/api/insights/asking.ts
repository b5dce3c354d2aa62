import {parseQuery} from '../../../../src/sandbox/api/logs/insights/parse-query.ts'
import {createPipeline} from '../../../../src/sandbox/api/logs/insights/pipeline.ts'
import {resultRow, shownFields} from '../../../../src/sandbox/api/logs/insights/results.ts'
import {rowOf} from '../../../../src/sandbox/api/logs/insights/rows.ts'
import type {SandboxLogEvent} from '../../../../src/sandbox/world/world.ts'
import {makeEvent, noon} from '../../hand-made-world.ts'

export const group = '/aws/lambda/checkout'

/** What a query finds in events, as records; `@ptr` is left out. */
export function ask(
  queryString: string,
  events: readonly SandboxLogEvent[],
  options: {group?: string; limit?: number} = {},
) {
  const query = parseQuery(queryString)
  const pipeline = createPipeline(query, options.limit)
  for (const event of events) pipeline.add(rowOf(event, options.group ?? group, '123456789012'))
  const shown = shownFields(query)
  return pipeline.rows().map(row => {
    const {'@ptr': _, ...fields} = Object.fromEntries(resultRow(row, shown).map(({field, value}) => [field, value]))
    return fields
  })
}

/** Events a second apart, the first one the oldest. */
export const saying = (...messages: readonly (string | object)[]) =>
  messages.map((message, index) =>
    makeEvent({
      timestamp: noon - 60_000 + index * 1000,
      order: index,
      message: typeof message === 'string' ? message : JSON.stringify(message),
    }),
  )

/** The value of one expression for one JSON event. */
export const resultOf = (expression: string, message: string | object = {}) =>
  ask(`fields ${expression} as value`, saying(message))[0]?.['value']
