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
