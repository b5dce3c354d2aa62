// What AWS does by itself when its time has come: done when the world is next looked at, each at its time.

export type DueWork = {
  /** when there is something to do, epoch ms, be it past or to come; null where there is nothing */
  nextAt(): number | null
  /** does what was to be done at that moment: it records changes, or is at least further on */
  run(at: number): void
}

export type DueWorkOptions = {
  readonly workers: readonly DueWork[]
  readonly now: () => number
  /** does something with the changes of all processes taken over, and none of them making one meanwhile */
  readonly alone: <Result>(act: () => Result) => Result
}

/** @returns does what was due by now, in order: several processes, and one after a kill, come to the same */
export function createDueWork({workers, now, alone}: DueWorkOptions): () => void {
  let isWorking = false

  function next(): {readonly worker: DueWork; readonly at: number} | undefined {
    const time = now()
    let found: {readonly worker: DueWork; readonly at: number} | undefined
    for (const worker of workers) {
      const at = worker.nextAt()
      if (at !== null && at <= time && (!found || at < found.at)) found = {worker, at}
    }
    return found
  }

  return () => {
    // the work itself looks at the world
    if (isWorking || !next()) return
    isWorking = true
    try {
      alone(() => {
        for (let due = next(); due; due = next()) due.worker.run(due.at)
      })
    } finally {
      isWorking = false
    }
  }
}
