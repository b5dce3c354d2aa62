import type {Known} from '../../../known.ts'
import {addToList} from '../../add-to-list.ts'
import type {Aws} from '../../aws/connect.ts'
import {eventSourcePages} from '../../targets/attached-functions.ts'
import type {EventSource} from '../facts.ts'
import {known} from '../why-unknown.ts'
import {qualifierOf} from './arns.ts'

const asked = {doing: 'list event source mappings', permission: 'lambda:ListEventSourceMappings'}

/** All event source mappings of the region, by function: 100 a call. */
export function readEventSources(
  aws: Aws,
  signal: AbortSignal,
): Promise<Known<ReadonlyMap<string, readonly EventSource[]>>> {
  return known(asked, signal, async () => {
    const byFunction = new Map<string, EventSource[]>()
    for await (const page of eventSourcePages(aws, undefined, signal)) {
      for (const mapping of page) {
        const {UUID = '', FunctionArn = '', EventSourceArn = null, State = 'Unknown'} = mapping
        const functionName = FunctionArn.split(':')[6]
        if (!functionName) continue
        addToList(byFunction, functionName, {
          uuid: UUID,
          functionName,
          qualifier: qualifierOf(FunctionArn),
          sourceArn: EventSourceArn,
          state: State,
          lastProcessingResult: mapping.LastProcessingResult ?? null,
        })
      }
    }
    return byFunction
  })
}
