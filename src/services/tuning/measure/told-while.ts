import type {TuneStep} from '../tune-steps.ts'

/**
 * Does work that takes a while and tells what it is about, as steps.
 * @param stop ends the work where nobody wants its steps any more; it is over when this returns
 * @returns what the work comes to
 */
export async function* toldWhile<T>(
  work: (doing: (what: string) => void) => Promise<T>,
  stop: () => void,
): AsyncGenerator<TuneStep, T> {
  const said: string[] = []
  let isOver = false
  let wake = (): void => {}
  const done = work(what => {
    said.push(what)
    wake()
  }).finally(() => {
    isOver = true
    wake()
  })
  // what it throws is thrown below
  const settled = done.catch(() => {})
  try {
    while (!isOver || said.length > 0) {
      const what = said.shift()
      if (what !== undefined) yield {kind: 'doing', what}
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
