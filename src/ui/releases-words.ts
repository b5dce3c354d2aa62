import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {OtherManager} from '../services/traffic/plan/managers.ts'
import type {AliasRelease, Mover, ReleaseVersion} from '../services/traffic/releases/releases.ts'
import {trafficShare, whenText} from './alias-words.ts'
import {count, duration, percent, roughCount, roughUSD} from './numbers.ts'
import type {Tone} from './palette.ts'
import type {Glyphs} from './terminal.ts'

/** What a line below an alias says, and how it is to be seen. */
export type ReleaseFact = {readonly text: string; readonly tone: Tone}

export type FactOptions = {
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  /** epoch ms */
  readonly now: number
  readonly glyphs: Pick<Glyphs, 'arrow'>
}

const managerNames: Readonly<Record<OtherManager['kind'], string>> = {
  codedeploy: 'CodeDeploy',
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
}

/** What is to be known of an alias beside its versions: what is in motion first. */
export function releaseFacts(release: AliasRelease, {clock, now, glyphs}: FactOptions): readonly ReleaseFact[] {
  const {lease, isLeaseOver, provisioned, managers, mover, since, waiting, measured, state} = release
  const when = (ms: number): string => whenText(ms, now, clock)
  const active = managers.filter(({isActive}) => isActive)
  const others = managers.filter(({isActive}) => !isActive)
  const look = (text: string): ReleaseFact => ({text, tone: 'look'})
  const dim = (text: string): ReleaseFact => ({text, tone: 'dim'})
  return [
    ...(lease === null
      ? []
      : [
          look(
            isLeaseOver
              ? `a shift ${lease.from} ${glyphs.arrow} ${lease.to} of ${lease.by} was left at step ${lease.stage} of ${lease.stages}: ${lease.until > now ? 'it is over' : `nobody has held it since ${when(lease.until)}`} (run ${lease.runId})`
              : `shift ${lease.from} ${glyphs.arrow} ${lease.to} under way: step ${lease.stage} of ${lease.stages} by ${lease.by}, until ${when(lease.until)} at most (run ${lease.runId})`,
          ),
        ]),
    ...active.map(({kind, name, detail}) => look(`${managerNames[kind]} ${name} moves it now: ${detail}`)),
    ...(provisioned === null || provisioned.status === 'READY'
      ? []
      : [look(`provisioned concurrency ${provisioned.available} of ${provisioned.requested}, ${provisioned.status}`)]),
    ...(provisioned?.status === 'READY' ? [dim(`provisioned concurrency ${count(provisioned.requested)}`)] : []),
    ...(mover === null || isOfLease(mover, release) ? [] : [dim(moverText(mover, release, when, glyphs))]),
    ...(mover === null && since !== null ? [dim(`serves so since ${when(since)}`)] : []),
    ...others.map(({kind, name}) => dim(`also managed by ${managerNames[kind]} ${name}`)),
    ...(state.description === '' || lease !== null ? [] : [dim(`“${state.description}”`)]),
    ...(waiting === null ? [] : [dim(`${waiting} waits`)]),
    ...('unknown' in measured ? [look(`no figures: ${measured.detail || measured.unknown}`)] : []),
  ]
}

/** A shift that is under way says already who is at it. */
const isOfLease = ({runId}: Mover, {lease, isLeaseOver}: AliasRelease): boolean =>
  lease !== null && !isLeaseOver && runId === lease.runId

function moverText(
  mover: Mover,
  {state: {additional}}: AliasRelease,
  when: (ms: number) => string,
  {arrow}: Pick<Glyphs, 'arrow'>,
): string {
  const {source, operation, from, to, by, at, note, why: reason, runId} = mover
  const who = by === null ? '' : ` by ${by.split('/').at(-1)}`
  const why = note === null ? '' : `, “${note}”`
  const how = source === 'journal' ? `run ${runId}` : `CodeDeploy ${runId}`
  const what = operation === 'shift' ? 'shifted' : reason === null ? 'rolled back' : 'a shift went back'
  const far = operation === 'shift' && additional?.version === to ? ` as far as ${percent(additional.weight)}` : ''
  const because = reason === null || reason === '' ? '' : `: ${reason}`
  return `${what} ${from} ${arrow} ${to}${far}${who}${at === null ? '' : ` ${when(at)}`}${why}${because} (${how})`
}

export const shareText = ({weight}: ReleaseVersion): string => (weight === 0 ? '' : trafficShare(weight))

export const callsText = (calls: number): string => (calls < 100_000 ? count(calls) : roughCount(calls))

/** `4.8 %`; of none that failed `0`, and nothing where there were no calls. */
export function errorsText(figures: ReleaseVersion['figures']): string {
  if (figures === null || figures.calls === 0) return ''
  return figures.errors === 0 ? '0' : percent(figures.errors / figures.calls)
}

export const p95Text = (p95Ms: number | null): string => (p95Ms === null ? '' : duration(p95Ms))

export const costText = (costUSD: number | null): string => (costUSD === null ? '' : roughUSD(costUSD))
