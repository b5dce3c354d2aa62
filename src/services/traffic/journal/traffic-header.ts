import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import {accountOf} from '../../targets/place.ts'
import type {TrafficHeader} from './shift-record.ts'

type Begun = Pick<TrafficHeader, 'runId' | 'operation' | 'note' | 'members' | 'plan'> & {
  readonly scope: Scope
  /** as an ARN */
  readonly caller: string | null
}

/** What the journal of a run begins with, which begins now. */
export function trafficHeader(
  {runId, operation, note, plan, scope, caller, members}: Begun,
  {foreignOrigins, clock}: Pick<Aws, 'foreignOrigins' | 'clock'>,
): TrafficHeader {
  return {
    schema: 'slsops/shift-journal@1',
    runId,
    operation,
    at: clock.now(),
    account: scope.account ?? accountOf(members[0]?.functionArn ?? '') ?? null,
    region: scope.region,
    endpoint: scope.endpoint,
    origins: foreignOrigins,
    by: caller,
    note,
    // what a plan knows besides is kept with the plan
    members: members.map(({functionName, functionArn, alias, from, to, before, description}) => ({
      functionName,
      functionArn,
      alias,
      from,
      to,
      before,
      description,
    })),
    plan,
  }
}
