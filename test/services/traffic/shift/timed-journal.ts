import type {TrafficJournal} from '../../../../src/services/traffic/journal/traffic-journal.ts'
import type {FakeClock} from '../../logs/reader/fake-clock.ts'

/** A journal on the real disk, for which a clock waits that knows nothing of disks. */
export function timedJournal(journal: TrafficJournal, clock: FakeClock): TrafficJournal {
  const change =
    <I, T, R>(write: (intent: I, call: () => Promise<T>, told: (answer: T) => R, isBound?: boolean) => Promise<T>) =>
    (intent: I, call: () => Promise<T>, told: (answer: T) => R, isBound?: boolean): Promise<T> => {
      let done = clock.begin()
      const called = async (): Promise<T> => {
        done()
        try {
          return await call()
        } finally {
          done = clock.begin()
        }
      }
      return write(intent, called, told, isBound).finally(() => done())
    }
  return {
    ...journal,
    aliasWrite: (intent, call, told, isBound) =>
      change(journal.aliasWrite<never>)(intent, call as never, told as never, isBound),
    otherWrite: (intent, call, told) => change(journal.otherWrite<never>)(intent, call as never, told as never),
    settled: (intent, told) => whileTimeStands(clock, () => journal.settled(intent, told)),
    stage: index => whileTimeStands(clock, () => journal.stage(index)),
    muted: names => whileTimeStands(clock, () => journal.muted(names)),
    end: (outcome, why) => whileTimeStands(clock, () => journal.end(outcome, why)),
    release: () => whileTimeStands(clock, () => journal.release()),
  }
}

/** What no timer of the clock stands for. */
export function whileTimeStands<T>(clock: FakeClock, work: () => Promise<T>): Promise<T> {
  const done = clock.begin()
  return work().finally(done)
}
