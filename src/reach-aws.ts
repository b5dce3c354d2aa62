import type {SandboxPlace} from './environment.ts'
import {type ConnectFromOptions, connectFrom} from './flags/connect.ts'
import type {GlobalFlags} from './flags/global.ts'
import type {Aws} from './services/aws/connect.ts'

type ReachOptions = Pick<ConnectFromOptions, 'userAgent' | 'clock' | 'random'> & {
  /** how the embedded AWS is to be set up; null: an account is used */
  readonly sandbox: (() => SandboxPlace) | null
  /** says something that is not the answer */
  readonly notice: (message: string) => Promise<void>
  /** takes what is to be done when the command ends */
  readonly onCleanup: (cleanup: () => unknown) => void
}

/**
 * The ways to AWS that the flags name, until the command ends: each profile in each region, or the embedded AWS, which is
 * booted for it.
 * @throws UserError as connectFrom does
 */
export async function reachAws(
  flags: Pick<GlobalFlags, 'profile' | 'region'>,
  {sandbox: place, notice, onCleanup, ...options}: ReachOptions,
  signal: AbortSignal,
): Promise<readonly Aws[]> {
  const {all, notices} = await connectFrom(
    flags,
    {...options, bootSandbox: place && (() => booted(place())), onConnect: aws => onCleanup(() => aws.close())},
    signal,
  )
  for (const each of notices) await notice(each)
  return all

  async function booted(settings: SandboxPlace): Promise<{readonly url: string; readonly region: string}> {
    const {bootSandbox} = await import('./sandbox/boot.ts')
    const sandbox = await bootSandbox(settings)
    onCleanup(() => sandbox.close())
    for (const each of sandbox.notices) await notice(each)
    return sandbox
  }
}
