import type {Scope} from '../services/aws/scope.ts'
import {fittingParts, paintedRows} from './layout.ts'
import {counted} from './numbers.ts'
import {span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

const mostRegions = 3

/** When and where something is read, as a header begins. */
export function windowAndRegions(windowText: string, scopes: readonly Scope[], terminal: Terminal): readonly string[] {
  const {dot, to} = glyphsFor(terminal)
  const regions = [...new Set(scopes.map(({region}) => region))]
  return [
    windowText.replaceAll('·', dot).replaceAll('–', to),
    regions.length > mostRegions ? counted(regions.length, 'region') : regions.join(', '),
  ]
}

/** One dim line about what is going to be asked for; what does not fit into the terminal's width falls off at the right. */
export function dimHeader(facts: readonly string[], terminal: Terminal): string {
  const parts = facts.map(text => span(text, 'dim'))
  return paintedRows([fittingParts(parts, terminal, ` ${glyphsFor(terminal).dot} `)], terminal)
}
