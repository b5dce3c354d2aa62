import {type Aws, type ConnectOptions, connect} from './connect.ts'

export type ConnectAllOptions = Omit<ConnectOptions, 'profile' | 'region'> & {
  /** none: the SDK's own chain decides */
  readonly profiles: readonly string[]
  /** null: each profile's own */
  readonly regions: readonly string[] | 'all' | null
  /** is handed every connection as soon as it is made, so that it is closed whatever follows */
  readonly onConnect: (aws: Aws) => void
}

/** Each profile in each region: never none. What is to be known of how the regions were found comes as notices. */
export type Connected = {readonly all: readonly Aws[]; readonly notices: readonly string[]}

/**
 * Makes the ways to AWS: profiles × regions. Only `all` regions cost a call, one a profile.
 * @throws UserError as connect does, and of an only profile as enabledRegions does
 */
export async function connectAll(options: ConnectAllOptions, signal: AbortSignal): Promise<Connected> {
  const {profiles, regions, onConnect, ...common} = options
  const notices: string[] = []
  const open = async (profile: string | null, region: string | null): Promise<Aws> => {
    const aws = await connect({...common, profile, region})
    onConnect(aws)
    return aws
  }
  const ofProfile = async (profile: string | null): Promise<readonly Aws[]> => {
    if (regions !== 'all') return Promise.all((regions ?? [null]).map(region => open(profile, region)))
    const {enabledRegions, whereToAsk} = await import('./enabled-regions.ts')
    const asked = await whereToAsk(region => open(profile, region))
    const enabled = await enabledRegions(asked, signal).catch(error => {
      if (profiles.length < 2 || signal.aborted) throw error
      return null
    })
    // one profile that does not work is found so again where it is read, and is a gap; the others are read
    if (enabled === null) return [asked]
    notices.push(...enabled.notices)
    return Promise.all(enabled.regions.map(region => open(profile, region)))
  }
  const all = await Promise.all((profiles.length === 0 ? [null] : profiles).map(ofProfile))
  return {all: all.flat(), notices: [...new Set(notices)]}
}
