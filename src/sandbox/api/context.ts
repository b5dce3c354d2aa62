import type {World} from '../world/world.ts'
import type {QueryFault, QueryJobs} from './logs/insights/query-jobs.ts'

/** Two habits of paged log reads that break naive loops; tests ask for them by fault. */
type PageFault = 'empty' | 'repeated-token'

/** What a handler knows of the call it answers. */
export type Context = {
  /** the account as seen from the request's region: the company's world at home, an empty one elsewhere */
  readonly world: World
  readonly region: string
  /** epoch ms: what the server believes it is, clock skew included */
  readonly now: number
  /** whether log pages come short or empty now and then, as AWS's do */
  readonly irregularPages: boolean
  readonly pageFault: PageFault | undefined
  readonly requestId: string
  /** the Logs Insights queries of all regions */
  readonly queries: QueryJobs
  /** how a query that is started now is to go wrong */
  readonly queryFault: QueryFault | undefined
}

export function arnOf(service: string, {region, world}: Pick<Context, 'region' | 'world'>, resource: string): string {
  return `arn:aws:${service}:${region}:${world.account}:${resource}`
}
