import type {FoundAlias} from '../plan/find-aliases.ts'
import type {AliasPast} from './read-past.ts'

const listedAtMost = 6

/** The versions that somebody may mean: `: 41 (ran until 13:58Z, 1,204 calls, 12 errors), 40 (published 2026-11-01)`; '' where nothing is known of any. */
export function candidatesText(
  {state}: Pick<FoundAlias, 'state'>,
  served: AliasPast['served'],
  versions: AliasPast['versions'],
): string {
  const ran = served
    .filter(({version, calls}) => version !== state.version && calls > 0)
    .toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0))
  const isNewer = ({version}: {readonly version: string}): boolean => Number(version) > Number(state.version)
  const unseen = versions.filter(({version}) => version !== state.version && !ran.some(one => one.version === version))
  // what was published after what serves has served nobody, as a rule
  const others = [...unseen.filter(one => !isNewer(one)), ...unseen.filter(isNewer)]
  const words = [
    ...ran.map(
      ({version, lastAt, calls, errors}) =>
        `${version} (${lastAt === null ? '' : `ran until ${minuteOf(lastAt)}, `}${calls.toLocaleString('en')} calls, ${errors.toLocaleString('en')} errors)`,
    ),
    ...others.map(({version, publishedAt}) =>
      publishedAt === null ? version : `${version} (published ${minuteOf(publishedAt)})`,
    ),
  ]
  if (words.length === 0) return ''
  const rest = words.length - listedAtMost
  return `: ${[...words.slice(0, listedAtMost), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}`
}

const minuteOf = (ms: number): string => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
