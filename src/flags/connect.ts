import {usageError} from '../errors.ts'
import type {Aws} from '../services/aws/connect.ts'
import {type ConnectAllOptions, connectAll} from '../services/aws/connect-all.ts'
import {checkRegionName} from '../services/aws/regions.ts'
import {type GlobalFlags, regionsFrom, several} from './global.ts'

export type ConnectFromOptions = Pick<ConnectAllOptions, 'userAgent' | 'clock' | 'random' | 'onConnect'> & {
  /** null: an account is used */
  readonly bootSandbox: (() => Promise<{readonly url: string; readonly region: string}>) | null
}

/**
 * The ways to AWS that the flags name: each profile in each region, or the embedded AWS; with what is to be said of
 * them.
 * @throws UserError (exit 2) for an empty flag, and for several profiles of the embedded AWS
 */
export async function connectFrom(
  flags: Pick<GlobalFlags, 'profile' | 'region'>,
  {bootSandbox, ...options}: ConnectFromOptions,
  signal: AbortSignal,
): Promise<{readonly all: readonly Aws[]; readonly notices: readonly string[]}> {
  const profiles = several(flags.profile, '--profile')
  const regions = regionsFrom(flags.region)
  if (bootSandbox && profiles.length > 1)
    throw usageError('the embedded AWS is one account: several profiles would read it twice', 'give one --profile')
  const sandbox = bootSandbox ? await bootSandbox() : null
  const {all, notices} = await connectAll(
    {...options, profiles, regions: regions ?? (sandbox ? [sandbox.region] : null), sandboxUrl: sandbox?.url ?? null},
    signal,
  )
  const foreign = [...new Set(all.flatMap(({foreignOrigins}) => foreignOrigins))]
  return {
    all,
    notices: [
      ...(sandbox ? ['sandbox: the embedded AWS answers, no account is used'] : []),
      ...(foreign.length > 0 ? [`endpoint: ${foreign.join(', ')} is used, not AWS`] : []),
      ...(regions === 'all' ? [] : doubtsAbout(all)),
      ...notices,
    ],
  }
}

/** What is to be said of regions that nobody knows; servers other than AWS have their own. */
function doubtsAbout(all: readonly Aws[]): readonly string[] {
  const regions = all.filter(({foreignOrigins}) => foreignOrigins.length === 0).map(({scope}) => scope.region)
  return [...new Set(regions)].flatMap(region => {
    const doubt = checkRegionName(region)
    return doubt === null ? [] : [`${region}: ${doubt}`]
  })
}
