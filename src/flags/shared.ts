import * as Flags from '@oclif/core/flags'
import type {SelectionWords} from '../services/targets/parse-target.ts'
import type {TimeWindow} from '../services/time/window.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'

const targetGroup = 'TARGET'
const timeGroup = 'TIME'

/** Flags of every command that takes targets. */
export const targetFlags = {
  stack: Flags.string({
    helpGroup: targetGroup,
    helpValue: 'NAME',
    description: 'only what this CloudFormation stack holds; targets may then be logical ids',
  }),
  tag: Flags.string({
    helpGroup: targetGroup,
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
    description: 'only functions with this tag; repeat it and all must hold',
  }),
  'log-group': Flags.string({
    helpGroup: targetGroup,
    helpValue: 'GLOB',
    multiple: true,
    multipleNonGreedy: true,
    description: 'log groups by name; * crosses /',
  }),
}

export type TargetFlags = {
  readonly stack?: string | undefined
  readonly tag?: readonly string[] | undefined
  readonly 'log-group'?: readonly string[] | undefined
}

/** What a command is pointed at, by its targets and flags. */
export function selectionWords(
  targets: readonly string[],
  {stack, tag: tags, 'log-group': logGroups}: TargetFlags,
): SelectionWords {
  return {targets, stack, tags, logGroups}
}

/** Flags of every command that reads a window of time. */
export const windowFlags = (since: string) => ({
  since: Flags.string({
    helpGroup: timeGroup,
    helpValue: 'TIME',
    description: `start, ${since} before the end by default: 5m, 2h30m, "5 mins ago", 13:10, yesterday, 2026-08-10T02:34Z`,
  }),
  until: Flags.string({helpGroup: timeGroup, helpValue: 'TIME', description: 'end, in the same forms; now by default'}),
  utc: Flags.boolean({helpGroup: timeGroup, description: 'show and read times in UTC', exclusive: ['tz']}),
  tz: Flags.string({
    helpGroup: timeGroup,
    helpValue: 'ZONE',
    description: 'show and read times in this zone, as Asia/Tokyo',
  }),
})

export type TimeFlags = {
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly utc: boolean
  readonly tz?: string | undefined
}

/** The display zone, which is also what times without a zone are read in. */
const zoneOf = ({utc, tz}: TimeFlags): string => (utc ? 'UTC' : (tz ?? 'local'))

/**
 * The window that the flags mean.
 * @throws UserError (exit 2) for what is no time, with examples
 */
export async function windowFrom(flags: TimeFlags, sinceByDefault: string, now: number): Promise<TimeWindow> {
  const {parseWindow} = await import('../services/time/window.ts')
  // to be said before anything is asked of AWS
  if (flags.tz !== undefined) (await import('../services/time/zone.ts')).zoneNamed(flags.tz)
  return parseWindow({since: flags.since, sinceByDefault, until: flags.until, now, zone: zoneOf(flags)})
}

/** How times are shown: the zone's clock, the window in words, and whether days must be told apart. */
export type TimeDisplay = {
  readonly clock: ZoneClock
  readonly windowText: string
  readonly dated: boolean
}

/**
 * How times are to be shown, by the flags.
 * @throws UserError (exit 2) for a zone nobody knows
 */
export async function timeDisplay(
  flags: TimeFlags & {readonly follow?: boolean},
  {start, end}: TimeWindow,
  now: number,
): Promise<TimeDisplay> {
  const [{describeWindow}, {zoneClock}] = await Promise.all([
    import('../services/time/window.ts'),
    import('../services/time/zone-clock.ts'),
  ])
  const clock = zoneClock(zoneOf(flags))
  const shownEnd = end ?? (flags.follow ? null : now)
  return {
    clock,
    windowText: describeWindow(start, shownEnd, zoneOf(flags), now),
    dated: clock.date(start) !== clock.date(now) || clock.date(end ?? now) !== clock.date(now),
  }
}
