import type {Known} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import {sdk} from '../../aws/sdk.ts'
import type {ProvisionedConcurrency} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'
import {qualifierOf} from './arns.ts'

const asked = {
  doing: 'list provisioned concurrency',
  permission: 'lambda:ListProvisionedConcurrencyConfigs',
}

/** The provisioned concurrency of the function's aliases and versions. */
export function readProvisioned(
  {aws, name}: Pick<FleetFunction, 'aws' | 'name'>,
  signal: AbortSignal,
): Promise<Known<readonly ProvisionedConcurrency[]>> {
  return known(asked, signal, async () => {
    const client = await aws.lambda()
    const {ListProvisionedConcurrencyConfigsCommand} = sdk.lambda()
    const pages = paged(async Marker => {
      const command = new ListProvisionedConcurrencyConfigsCommand({FunctionName: name, Marker})
      const page = await ask(aws, 'ListProvisionedConcurrencyConfigs', options => client.send(command, options), signal)
      return {items: page.ProvisionedConcurrencyConfigs, next: page.NextMarker}
    })
    return (await Array.fromAsync(pages)).flat().map(config => ({
      qualifier: qualifierOf(config.FunctionArn ?? '') ?? '',
      requested: config.RequestedProvisionedConcurrentExecutions ?? 0,
      allocated: config.AllocatedProvisionedConcurrentExecutions ?? 0,
      status: config.Status ?? 'unknown',
      ...modifiedAt(config.LastModified),
    }))
  })
}

function modifiedAt(text = ''): Pick<ProvisionedConcurrency, 'lastModifiedAt'> {
  const lastModifiedAt = Date.parse(text)
  return Number.isNaN(lastModifiedAt) ? {} : {lastModifiedAt}
}
