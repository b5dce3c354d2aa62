import type {MapService, ServiceMap} from '../services/traces/service-map.ts'
import {placeFlags, shellWord, wholeSecond} from './next-command.ts'

/** The command that shows traces of a failure, the first that can be told: of the service it begins in. Nothing in it can be more than a word; null where there is none. */
export function nextTraces({failures, coverage: {window, scopes}}: ServiceMap): string | null {
  const shown = failures.map(({service}) => service).find(({name, region}) => isWord(name) && isWord(region))
  if (!shown) return null
  return [
    'slsops traces',
    selection(shown),
    `--since ${wholeSecond(window.start)}`,
    // rounded down: a time that is still to come is none that can be asked for
    ...(window.end === null ? [] : [`--until ${wholeSecond(window.end)}`]),
    ...placeFlags(shown, scopes),
  ].join(' ')
}

/** A function is a target; of what it calls X-Ray knows by name. */
function selection({name, functionName}: MapService): string {
  return functionName === null ? `--filter 'service("${name}"){fault}'` : `${shellWord(functionName)} --errors`
}

const isWord = (text: string): boolean => /^\w[\w./:-]*$/.test(text)
