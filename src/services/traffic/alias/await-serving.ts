import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {explainedFailure} from '../../targets/refusal.ts'
import {type AliasRef, type AliasState, isSameRouting, type Routing} from './alias-state.ts'
import {readAliasState} from './read-alias-state.ts'
import {isOnItsWay} from './send-update.ts'

export type Serving =
  | {readonly kind: 'serving'; readonly state: AliasState}
  | {readonly kind: 'foreign'; readonly state: AliasState | null}
  /** Lambda still sends traffic to the version before, while provisioned concurrency is allocated, when patience ends */
  | {readonly kind: 'pending'; readonly state: AliasState; readonly detail: string}

export type Waiting = {
  readonly signal: AbortSignal
  readonly doing: (what: string) => void
  /** 15 min where it is not said, as others wait for it (terraform-provider-aws) */
  readonly patienceMs?: number
  /** ahead of everything else: for going back */
  readonly isUrgent?: boolean
}

const usualPatienceMs = 15 * 60_000
const firstPauseMs = 500
const longestPauseMs = 15_000
/** how long an alias may be read as it was before: a write is not everywhere at once */
const arrivalMs = 2_000
/** how long weights may outlast the provisioned concurrency that was waited for */
const clearingMs = 60_000
/** how often it is told that it still waits */
const tellMs = 60_000

/**
 * Reads an alias until it serves as was written: Lambda itself puts `{before: 1}` into the weights of an alias with provisioned
 * concurrency until that is allocated for the new version, which is neither done nor somebody else's change.
 * @throws UserError as the alias cannot be read; the signal's reason
 */
export async function awaitServing(aws: Aws, ref: AliasRef, written: Routing, waiting: Waiting): Promise<Serving> {
  const {signal, doing, patienceMs = usualPatienceMs, isUrgent = false} = waiting
  const begun = aws.clock.now()
  let doubtedAt: number | null = null
  let toldAt: number | null = null
  for (let waitMs = firstPauseMs; ; waitMs = Math.min(longestPauseMs, waitMs * 1.5)) {
    const state = await readAliasState(aws, ref, signal, isUrgent ? 'urgent' : 'small')
    if (state && isSameRouting(state, written)) return {kind: 'serving', state}
    const isAllocating = state !== null && isOnItsWay(state, written)
    const {doubtMs, failure} = isAllocating ? await readAllocation(aws, ref, signal) : notYetThere
    const now = aws.clock.now()
    doubtedAt = doubtMs === null ? null : (doubtedAt ?? now)
    if (doubtMs !== null && doubtedAt !== null) {
      if (now - doubtedAt >= doubtMs) return {kind: 'foreign', state}
      await aws.clock.sleep(firstPauseMs, signal)
    } else if (state) {
      const waitedMs = now - begun
      if (failure !== null || waitedMs + waitMs > patienceMs) {
        const left = `all traffic still goes to ${state.additional?.version ?? ''}`
        const whose = `provisioned concurrency for ${state.version}`
        const why = failure ?? `is not allocated after ${Math.round(waitedMs / 60_000)} min`
        return {kind: 'pending', state, detail: `${left}: ${whose} ${why}`}
      }
      if (toldAt === null || now - toldAt >= tellMs) {
        doing(waitText(ref, state, waitedMs))
        toldAt = now
      }
      await aws.clock.sleep(waitMs, signal)
    }
  }
}

/** What matters meanwhile is who serves. */
function waitText({functionName, alias}: AliasRef, {version, additional}: AliasState, waitedMs: number): string {
  const minutes = Math.floor(waitedMs / 60_000)
  const soFar = minutes < 1 ? 'which usually takes some minutes' : `${minutes} min so far`
  return `${functionName}:${alias}: ${additional?.version ?? version} serves on until provisioned concurrency is allocated for ${version}, ${soFar}`
}

type Allocation = {
  /** how long weights may be so before they are taken for somebody else's; null: as long as patience lasts */
  readonly doubtMs: number | null
  /** why it will never be allocated; null where it may be */
  readonly failure: string | null
}

const notYetThere: Allocation = {doubtMs: arrivalMs, failure: null}

/** What becomes of the provisioned concurrency of an alias that Lambda may be moving. */
async function readAllocation(aws: Aws, {functionArn, alias}: AliasRef, signal: AbortSignal): Promise<Allocation> {
  const client = await aws.lambda()
  const {GetProvisionedConcurrencyConfigCommand} = sdk.lambda()
  const command = new GetProvisionedConcurrencyConfigCommand({FunctionName: functionArn, Qualifier: alias})
  const api = 'GetProvisionedConcurrencyConfig'
  try {
    const {Status, StatusReason} = await ask(aws, api, options => client.send(command, options), signal, 'small')
    if (Status === 'READY') return {doubtMs: clearingMs, failure: null}
    if (Status !== 'FAILED') return {doubtMs: null, failure: null}
    return {doubtMs: null, failure: `could not be allocated: ${StatusReason ?? 'AWS gives no reason'}`}
  } catch (error) {
    signal.throwIfAborted()
    if (isMissing(error) || (error instanceof Error && error.name === 'ProvisionedConcurrencyConfigNotFoundException'))
      return notYetThere
    explainedFailure(error, {doing: 'read provisioned concurrency', permission: `lambda:${api}`})
    // what cannot be read does not speak against it: such weights are Lambda's own in the course of things
    return {doubtMs: null, failure: null}
  }
}
