import type {Known} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import {sdk} from '../../aws/sdk.ts'
import type {FunctionUrl} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'
import {qualifierOf} from './arns.ts'

const asked = {doing: 'list function URLs', permission: 'lambda:ListFunctionUrlConfigs'}

/** The function's own URL and those of its aliases. */
export function readUrls(
  {aws, name}: Pick<FleetFunction, 'aws' | 'name'>,
  signal: AbortSignal,
): Promise<Known<readonly FunctionUrl[]>> {
  return known(asked, signal, async () => {
    const client = await aws.lambda()
    const {ListFunctionUrlConfigsCommand} = sdk.lambda()
    const pages = paged(async Marker => {
      const command = new ListFunctionUrlConfigsCommand({FunctionName: name, Marker})
      const page = await ask(aws, 'ListFunctionUrlConfigs', options => client.send(command, options), signal)
      return {items: page.FunctionUrlConfigs, next: page.NextMarker}
    })
    return (await Array.fromAsync(pages)).flat().map(({FunctionArn = '', FunctionUrl = '', AuthType = 'unknown'}) => ({
      qualifier: qualifierOf(FunctionArn),
      url: FunctionUrl,
      authType: AuthType,
    }))
  })
}
