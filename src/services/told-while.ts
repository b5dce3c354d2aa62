/**
 * Does work that tells what happens, as steps.
 * @param stop ends the work where nobody wants its steps any more; it is over when this returns
 * @returns what the work comes to
 */
export async function* toldWhile<Step, T>(
  work: (tell: (step: Step) => void) => Promise<T>,
  stop: () => void,
): AsyncGenerator<Step, T> {
  const told: Step[] = []
  let isOver = false
  let wake = (): void => {}
  const done = work(step => {
    told.push(step)
    wake()
  }).finally(() => {
    isOver = true
    wake()
  })
  // what it throws is thrown below
  const settled = done.catch(() => {})
  try {
    while (!isOver || told.length > 0) {
      const step = told.shift()
      if (step !== undefined) yield step
      else
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
    return await done
  } finally {
    if (!isOver) stop()
    await settled
  }
}
