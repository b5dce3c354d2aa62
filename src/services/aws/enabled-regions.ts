import regions from '../../data/regions.json' with {type: 'json'}
import {UserError} from '../../errors.ts'
import {ask, paged} from './ask.ts'
import type {Aws} from './connect.ts'
import {isCredentialProblem, translateAwsError} from './failures.ts'
import {sdk} from './sdk.ts'

/** where regions are asked for when the configuration names none */
const fallbackRegion = 'us-east-1'

/** A connection to ask for regions with: in the configured region, or where there is none, in us-east-1. */
export async function whereToAsk(open: (region: string | null) => Promise<Aws>): Promise<Aws> {
  try {
    return await open(null)
  } catch (error) {
    if (error instanceof UserError && error.code === 'NoRegion') return open(fallbackRegion)
    throw error
  }
}

/**
 * The regions that are enabled for the account, by name (account:ListRegions). Where AWS will not say, those that every
 * account has, and a notice.
 * @throws UserError when the credentials do not work
 */
export async function enabledRegions(
  aws: Aws,
  signal: AbortSignal,
): Promise<{readonly regions: readonly string[]; readonly notices: readonly string[]}> {
  try {
    return {regions: await listed(aws, signal), notices: []}
  } catch (error) {
    signal.throwIfAborted()
    if (isCredentialProblem(error)) throw translateAwsError(error, 'list regions')
    return {
      regions: regions.enabledByDefault,
      notices: ['regions could not be listed (account:ListRegions): only those that every account has are read'],
    }
  }
}

async function listed(aws: Aws, signal: AbortSignal): Promise<readonly string[]> {
  const client = await aws.account()
  const {ListRegionsCommand} = sdk.account()
  const pages = paged(async NextToken => {
    const command = new ListRegionsCommand({
      RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'],
      MaxResults: 50,
      NextToken,
    })
    const page = await ask(aws, 'ListRegions', options => client.send(command, options), signal)
    return {items: page.Regions, next: page.NextToken}
  })
  const names: string[] = []
  for await (const page of pages) for (const {RegionName} of page) if (RegionName) names.push(RegionName)
  if (names.length === 0) throw new Error('no region is enabled')
  return names.sort()
}
