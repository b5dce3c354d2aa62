import {setMaxListeners} from 'node:events'

/**
 * A signal that aborts when `signal` does, or when `stop` is called: for work that ends by itself and must leave nothing
 * behind. Many requests listen to it at a time, which is no leak.
 */
export function stopSignal(signal: AbortSignal): {readonly stopped: AbortSignal; stop(): void} {
  const controller = new AbortController()
  const stopped = AbortSignal.any([signal, controller.signal])
  setMaxListeners(0, stopped)
  return {stopped, stop: () => controller.abort()}
}

/** What the work resolves to, or the signal's reason as soon as it aborts: for work that no signal reaches. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, {once: true})
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    if (signal.aborted) onAbort()
  })
}
