import type {Known} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {known} from '../why-unknown.ts'

const asked = {doing: 'list versions', permission: 'lambda:ListFunctions'}

/** pages of 50 versions, one after the other: what takes longer is not worth it */
export const mostVersionPages = 200

/** Names of the region's functions that have a published version, of up to 10,000 versions; above that `not-read`. */
export function readPublished(aws: Aws, signal: AbortSignal): Promise<Known<ReadonlySet<string>>> {
  return known(asked, signal, async () => {
    const client = await aws.lambda()
    const {ListFunctionsCommand} = sdk.lambda()
    const pages = paged(async Marker => {
      const command = new ListFunctionsCommand({FunctionVersion: 'ALL', Marker})
      const page = await ask(aws, 'ListFunctions', options => client.send(command, options), signal)
      return {items: page.Functions, next: page.NextMarker}
    })
    const names = new Set<string>()
    let read = 0
    for await (const page of pages) {
      for (const {FunctionName, Version} of page) if (FunctionName && Version !== '$LATEST') names.add(FunctionName)
      if (++read === mostVersionPages) return null
    }
    return names
  }).then(names => {
    if ('unknown' in names) return names
    return names.value === null ? tooMany : {value: names.value}
  })
}

const tooMany = {unknown: 'not-read', detail: 'there are more than 10,000 versions'} as const
