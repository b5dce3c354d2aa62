import type {FakeClock} from '../../logs/reader/fake-clock.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'

export type Truth = {
  readonly version: string
  readonly additional: {readonly version: string; readonly weight: number} | null
  readonly description: string
  readonly revisionId: string
}

/** What an alias was from a moment on, and who made it so. */
export type Chapter = Truth & {
  readonly at: number
  readonly by: 'before' | 'slsops' | 'somebody' | 'lambda' | 'dead man'
}

export type Trouble = {
  /** shares of calls that go wrong, 0–1 */
  readonly lost: number
  readonly throttled: number
  readonly stale: number
  /** of lost writes, those that arrive late all the same */
  readonly late: number
  /** functions with provisioned concurrency */
  readonly provisioned: ReadonlySet<string>
}

type Input = Readonly<Record<string, unknown>>
type Schedule = {readonly input: string; readonly at: number; readonly isEnabled: boolean}

/** Lambda's aliases and EventBridge's schedules, with compare-and-set and all that goes wrong on the way, by chance that is repeated. */
export function randomAliases(
  clock: FakeClock,
  random: () => number,
  trouble: Trouble,
  functionNames: readonly string[],
) {
  let revisions = 0
  let isCalm = false
  const faults: string[] = []
  const writes: {readonly input: Input; readonly at: number}[] = []
  const calls: number[] = []
  const schedules = new Map<string, Schedule>()
  const history = new Map<string, Chapter[]>()
  const agreed = new Set<Chapter>()
  const allocating = new Map<string, number>()

  const truth = (name: string): Chapter => {
    const last = history.get(name)?.at(-1)
    if (last === undefined) throw awsError('ResourceNotFoundException', `Cannot find alias arn: ${name}`, 404)
    return last
  }
  const put = (name: string, by: Chapter['by'], to: Omit<Truth, 'revisionId'>, revisionId?: string): void => {
    const {version, additional, description} = to
    const chapters = history.get(name) ?? []
    history.set(name, chapters)
    chapters.push({at: clock.now(), by, version, additional, description, revisionId: revisionId ?? `r${++revisions}`})
  }
  for (const name of functionNames) put(name, 'before', {version: '41', additional: null, description: `of ${name}`})

  const answerOf = ({version, additional, description, revisionId}: Truth): unknown => ({
    FunctionVersion: version,
    Description: description,
    RevisionId: revisionId,
    ...(additional && {RoutingConfig: {AdditionalVersionWeights: {[additional.version]: additional.weight}}}),
  })

  /** What somebody makes of an alias; Lambda itself moves the traffic later where concurrency is provisioned. */
  const move = (name: string, by: Chapter['by'], to: Omit<Truth, 'revisionId'>): void => {
    const {version} = truth(name)
    if (!trouble.provisioned.has(name) || version === to.version || to.additional !== null) {
      put(name, by, to)
      return
    }
    put(name, by, {...to, additional: {version, weight: 1}})
    const {revisionId} = truth(name)
    const ms = 10_000 + random() * 200_000
    allocating.set(name, clock.now() + ms)
    const isNewRevision = random() < 0.5
    clock.at(clock.now() + ms, () => {
      if (truth(name).revisionId === revisionId) put(name, 'lambda', to, isNewRevision ? undefined : revisionId)
    })
  }

  const update = (input: Input, by: Chapter['by']): unknown => {
    const name = nameIn(input)
    const now = truth(name)
    if (input['RevisionId'] !== now.revisionId) throw awsError('PreconditionFailedException', 'The Revision Id …', 412)
    const {AdditionalVersionWeights: weights = {}} = input['RoutingConfig'] as {
      AdditionalVersionWeights?: Record<string, number>
    }
    const version = String(input['FunctionVersion'])
    const [first] = Object.entries(weights)
    if (first?.[0] === version) throw awsError('InvalidParameterValueException', 'already included')
    if (by === 'slsops' && isForeign(now)) faults.push(`${name}: what somebody made of it was overwritten`)
    move(name, by, {
      version,
      additional: first ? {version: first[0], weight: first[1]} : null,
      description: String(input['Description']),
    })
    return answerOf(truth(name))
  }

  /** Not where somebody wrote the same again, or put back what was there. */
  const isForeign = (now: Chapter): boolean => {
    if (agreed.has(now)) return false
    const chapters = history.get(nameOfChapter(now)) ?? []
    const ours = chapters.findLast(({by}) => by !== 'somebody')
    return now.by === 'somebody' && ours !== undefined && contentOf(ours) !== contentOf(now)
  }
  const nameOfChapter = (chapter: Chapter): string =>
    [...history].find(([, chapters]) => chapters.includes(chapter))?.[0] ?? ''

  const reset = (): Error => Object.assign(new Error('socket hang up'), {code: 'ECONNRESET', name: 'Error'})
  const fault = (): Error => (random() < 0.5 ? reset() : awsError('ServiceException', 'An internal error', 500))
  const isBad = (share: number): boolean => !isCalm && random() < share

  const disturbed = <T>(work: () => T, later: () => void): T => {
    if (isBad(trouble.throttled)) throw awsError('TooManyRequestsException', 'Rate exceeded', 429)
    if (isBad(trouble.lost)) {
      const [how] = [random()]
      if (how < 0.4) work()
      else if (how < 0.4 + trouble.late * 0.6) clock.at(clock.now() + random() * 5_000, later)
      throw fault()
    }
    return work()
  }
  const quietly = (work: () => unknown): void => {
    try {
      work()
    } catch {
      // it came too late
    }
  }

  const fire = (name: string, {input, at}: Schedule): void => {
    clock.at(at, () => {
      const now = schedules.get(name)
      if (now?.at !== at || !now.isEnabled || now.input !== input) return
      schedules.delete(name)
      quietly(() => update(JSON.parse(input), 'dead man'))
    })
  }
  const putSchedule = ({input}: {readonly input: Input}, isThere: boolean): unknown => {
    const name = String(input['Name'])
    return disturbed(
      () => {
        if (schedules.has(name) !== isThere)
          throw isThere
            ? awsError('ResourceNotFoundException', 'no schedule', 404)
            : awsError('ConflictException', 'there already', 409)
        const at = Date.parse(`${/at\((.*)\)/.exec(String(input['ScheduleExpression']))?.[1]}Z`)
        const {Input: target} = input['Target'] as {Input: string}
        const schedule = {input: target, at, isEnabled: input['State'] === 'ENABLED'}
        schedules.set(name, schedule)
        fire(name, schedule)
        return {}
      },
      () => {},
    )
  }
  const counted = <T>(answer: T): T => {
    calls.push(clock.now())
    return answer
  }

  return {
    faults,
    writes,
    calls,
    schedules,
    history,
    truth,
    move,
    /** a person has seen what is there now, and agreed to change it */
    agree() {
      for (const name of functionNames) agreed.add(truth(name))
    },
    /** from now on nothing goes wrong any more */
    calm() {
      isCalm = true
    },
    answers: {
      UpdateAlias({input}: {readonly input: Input}) {
        counted(writes.push({input, at: clock.now()}))
        return disturbed(
          () => update(input, 'slsops'),
          () => quietly(() => update(input, 'slsops')),
        )
      },
      GetAlias({input}: {readonly input: Input}) {
        const name = counted(nameIn(input))
        const chapters = history.get(name) ?? []
        const [older, newest] = chapters.slice(-2)
        const isYoung = newest !== undefined && clock.now() - newest.at < 1_000
        return disturbed(
          () => answerOf(older && isYoung && isBad(trouble.stale) ? older : truth(name)),
          () => {},
        )
      },
      GetProvisionedConcurrencyConfig({input}: {readonly input: Input}) {
        const name = counted(nameIn(input))
        if (!trouble.provisioned.has(name)) throw awsError('ProvisionedConcurrencyConfigNotFoundException', 'none', 404)
        return {Status: clock.now() < (allocating.get(name) ?? 0) ? 'IN_PROGRESS' : 'READY'}
      },
      GetFunction: () => ({Configuration: {}}),
      CreateSchedule: (call: {readonly input: Input}) => putSchedule(call, false),
      UpdateSchedule: (call: {readonly input: Input}) => putSchedule(call, true),
      DeleteSchedule({input}: {readonly input: Input}) {
        return disturbed(
          () => {
            if (!schedules.delete(String(input['Name']))) throw awsError('ResourceNotFoundException', 'none', 404)
            return {}
          },
          () => {},
        )
      },
      GetSchedule({input}: {readonly input: Input}) {
        const found = schedules.get(String(input['Name']))
        if (!found) throw awsError('ResourceNotFoundException', 'no schedule', 404)
        return {
          ScheduleExpression: `at(${new Date(found.at).toISOString().replace(/\.\d+Z$/, '')})`,
          State: found.isEnabled ? 'ENABLED' : 'DISABLED',
          Target: {Input: found.input},
        }
      },
    },
  }
}

const nameIn = (input: Input): string => String(input['FunctionName']).split(':').at(-1) ?? ''

/** All of it but the revision, as one text. */
export const contentOf = ({version, additional, description}: Omit<Truth, 'revisionId'>): string =>
  JSON.stringify([version, additional?.version, additional?.weight, description])
