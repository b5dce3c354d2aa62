import {sandboxClockOffset, sandboxSettings} from './environment.ts'
import {type Clock, clockFrom} from './services/clock.ts'

/**
 * The embedded AWS's clock: as `SLSOPS_SANDBOX_CLOCK` has it, or later, where its state was changed later: time in a state never
 * runs backwards.
 * @param now the machine's, epoch ms
 * @throws UserError (exit 2) for what is no time
 */
export async function sandboxClock(
  environment: Readonly<Record<string, string | undefined>>,
  now: () => number,
): Promise<Clock> {
  const begun = now()
  const givenMs = sandboxClockOffset(environment, begun)
  const {directory, seed} = sandboxSettings(environment, now)
  if (givenMs === 0 || directory === null) return clockFrom(() => now() + givenMs)
  const {settledAt} = await import('./sandbox/state.ts')
  const offsetMs = Math.max(givenMs, (await settledAt({directory, seed})) - begun)
  return clockFrom(() => now() + offsetMs)
}
