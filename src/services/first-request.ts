import {setImmediate as nextTurn} from 'node:timers/promises'

/** reading credentials, signing and connecting take some turns of the event loop */
const turns = 20

/** Resolves when a request that was just begun has most likely left: what is loaded then is loaded while AWS is waited for. */
export async function onceRequestLeft(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn()
}
