import {joinInits, type MetInit, type OpenInit, type Owner} from '../../../../src/services/fleet/coldstarts/inits.ts'
import type {FleetFunction} from '../../../../src/services/fleet/fleet-function.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {functionRef, sourceOf} from '../../logs/events.ts'
import {functionIn} from '../fake-account.ts'

export const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`)
export const streamOf = (version: string, digit = 'a', name = ''): string =>
  `2026/11/20/${name}[${version}]${digit.repeat(32)}`

export const initStart =
  'INIT_START Runtime Version: nodejs:22.v31\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:aa\n'
export const restoreStart = initStart.replace('INIT_START', 'RESTORE_START')
export const initTimeout = 'INIT_REPORT Init Duration: 10008.33 ms\tPhase: init\tStatus: timeout\n'
export const initError = (phase: 'init' | 'invoke') =>
  `INIT_REPORT Init Duration: 210.5 ms\tPhase: ${phase}\tStatus: error\tError Type: Runtime.ImportModuleError\n`

/** A text REPORT. @param more what comes behind the four numbers that all of them have */
export const report = (durationMs: number, billedMs: number, more = ''): string =>
  `REPORT RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billedMs} ms\tMemory Size: 1024 MB\tMax Memory Used: 167 MB\t${more}\n`

export const platform = (type: string, record: object): string =>
  `${JSON.stringify({time: '2026-11-20T12:00:00.000Z', type: `platform.${type}`, record})}\n`

const source = sourceOf(['checkout-api'])

export const event = (time: string, message: string, more: Partial<SourcedEvent> = {}): SourcedEvent => ({
  source,
  logStream: streamOf('42'),
  timestamp: at(time),
  ingestionTime: at(time) + 500,
  eventId: null,
  late: false,
  message,
  ...more,
})

/** What events come to. */
export function joined(events: readonly SourcedEvent[]) {
  const met: MetInit[] = []
  const left: OpenInit[] = []
  const requests: (string | null)[] = []
  const uncountable: string[] = []
  const inits = joinInits({
    met: init => void met.push(init),
    left: init => void left.push(init),
    request: owner => void requests.push(owner?.version ?? null),
    uncountable: (owner, why) => void uncountable.push(`${owner?.function.name} ${why}`),
  })
  for (const one of events) inits.push(one)
  inits.flush()
  return {met, left, requests, uncountable}
}

export const owner: Owner = {function: functionRef('checkout-api'), version: '42'}

export const fleetFn = (name = 'checkout-api', more: Partial<FleetFunction> = {}): FleetFunction =>
  functionIn(source.aws, name, {
    runtime: 'nodejs22.x',
    architecture: 'x86_64',
    memorySizeMB: 1024,
    timeoutSeconds: 30,
    codeSizeBytes: 4_000_000,
    lastModifiedAt: null,
    revisionId: 'r1',
    ...more,
  })
