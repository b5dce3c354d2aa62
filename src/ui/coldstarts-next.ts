import type {ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {placeFlags, shellWord, spanFlags} from './next-command.ts'

/** fewer are not worth a closer look */
const worthALook = 10

/** The command that looks closer at the function with the most cold starts: version by version. Null where there is none. */
export function nextColdStartsCommand({
  functions,
  groups,
  compared,
  coverage,
  askedAt,
}: ColdStartsReport): string | null {
  if (groups || compared) return null
  const most = functions.reduce<(typeof functions)[number] | null>((best, one) => {
    const felt = 'value' in one.figures ? one.figures.value.felt : 0
    const bestFelt = best && 'value' in best.figures ? best.figures.value.felt : 0
    return felt >= worthALook && felt > bestFelt ? one : best
  }, null)
  if (most === null || functions.length === 1) return null
  const {of} = most
  const {start, end} = coverage.window
  return [
    `slsops coldstarts ${shellWord(of.name)} --by version ${spanFlags({start, end: end ?? askedAt}, askedAt)}`,
    ...placeFlags(of, coverage.scopes),
  ].join(' ')
}
