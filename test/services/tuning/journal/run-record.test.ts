import {expect, onTestFinished, test} from 'vitest'
import {beginJournal, continueJournal, type RunJournal} from '../../../../src/services/tuning/journal/run-journal.ts'
import type {Sample} from '../../../../src/services/tuning/sample.ts'
import {emptyDirectory, lambdaWithCheckout, planFor, runId} from '../tuned.ts'

const of = (memorySizeMB: number) => ({memorySizeMB, architecture: 'x86_64'}) as const

async function begun(): Promise<{readonly journal: RunJournal; readonly later: () => Promise<RunJournal>}> {
  const fake = await lambdaWithCheckout()
  const directory = await emptyDirectory()
  const journal = await beginJournal(directory, planFor(fake, 'shadow'), fake.aws)
  return {
    journal,
    async later() {
      await journal.release()
      const again = await continueJournal(directory, runId, fake.clock.now)
      onTestFinished(() => again.release())
      return again
    },
  }
}

test('what was invoked and not answered is known after a kill', async () => {
  const {journal, later} = await begun()
  for (const size of [512, 512, 128, 1024]) await journal.invoke(of(size))
  await journal.sample({...of(512), index: 1, durationMs: 3} as unknown as Sample)
  await journal.waived(of(1024))
  expect(journal.record().unanswered).toEqual([of(512), of(128)])
  expect((await later()).record().unanswered).toEqual([of(512), of(128)])
})
