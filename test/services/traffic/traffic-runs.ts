import {onTestFinished} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import type {AliasIntent, TrafficHeader} from '../../../src/services/traffic/journal/shift-record.ts'
import {
  beginTrafficJournal,
  continueTrafficJournal,
  type TrafficJournal,
} from '../../../src/services/traffic/journal/traffic-journal.ts'
import {refOf} from './fake-aliases.ts'

export const runId = '20261120-140711-k3f9x2ab'
const start = Date.UTC(2026, 10, 20, 14, 7, 11)

/** A shift of these functions' alias live from 41 to 42. */
export const headerOf = (functionNames: readonly string[], more: Partial<TrafficHeader> = {}): TrafficHeader => ({
  schema: 'slsops/shift-journal@1',
  runId,
  operation: 'shift',
  at: start,
  account: '123456789012',
  region: 'eu-west-1',
  endpoint: 'aws',
  origins: [],
  by: 'arn:aws:iam::123456789012:user/ana',
  note: 'the new checkout',
  members: functionNames.map((name, place) => ({
    ...refOf(name),
    from: '41',
    to: '42',
    before: {version: '41', additional: null, description: 'what customers call', revisionId: `revision-${place + 1}`},
    description: 'what customers call',
  })),
  plan: null,
  ...more,
})

/** A journal that is let go of with the test. */
export async function begun(directory: string, aws: Aws, header: TrafficHeader): Promise<TrafficJournal> {
  const journal = await beginTrafficJournal(directory, header, aws)
  onTestFinished(() => journal.release())
  return journal
}

export async function continued(directory: string, aws: Aws, id = runId): Promise<TrafficJournal> {
  const journal = await continueTrafficJournal(directory, id, aws)
  onTestFinished(() => journal.release())
  return journal
}

export const intentOf = (functionName: string, revisionId: string, weight: number): AliasIntent => ({
  functionName,
  alias: 'live',
  revisionId,
  to: {version: '41', additional: {version: '42', weight}, description: `lease at ${weight}`},
})
