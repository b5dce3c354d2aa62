import {sandboxClockOffset, sandboxSettings, sandboxSpeed} from './environment.ts'
import {type Clock, fasterClock} from './services/clock.ts'

/**
 * The embedded AWS's clock: as `SLSOPS_SANDBOX_CLOCK` has it, or later, where its state was changed later: time in a state never
 * runs backwards. It runs as many times as fast as `SLSOPS_SANDBOX_SPEED` says.
 * @param machine the machine's
 * @throws UserError (exit 2) for what is no time, and for what is no speed
 */
export async function sandboxClock(
  environment: Readonly<Record<string, string | undefined>>,
  machine: Clock,
): Promise<Clock> {
  const speed = sandboxSpeed(environment)
  const begun = machine.now()
  const givenAt = begun + sandboxClockOffset(environment, begun)
  const {directory, seed} = sandboxSettings(environment, machine.now)
  if (directory === null) return fasterClock(machine, givenAt, speed)
  const {settledAt} = await import('./sandbox/state.ts')
  return fasterClock(machine, Math.max(givenAt, await settledAt({directory, seed, now: givenAt})), speed)
}
