import {describe, expect, test} from 'vitest'
import {UserError} from '../../../src/errors.ts'
import type {Candidate} from '../../../src/services/tuning/candidate.ts'
import {invocationCostUSD} from '../../../src/services/tuning/money/run-prices.ts'
import {verdictsOn} from '../../../src/services/tuning/report/verdicts.ts'
import {seededRandom} from '../../../src/services/tuning/statistics/seeded-random.ts'
import {type TuneOptions, tuneFunction} from '../../../src/services/tuning/tune-function.ts'
import type {TunePlan} from '../../../src/services/tuning/tune-plan.ts'
import type {TuneReport} from '../../../src/services/tuning/tune-report.ts'
import type {TuneStep} from '../../../src/services/tuning/tune-steps.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'
import {pointsOf} from './profiles.ts'
import {arm, awsOn, denied, type FakeRun, fakesFor, planOf, raceOf, stageOf, startedAt, x86} from './tune-runs.ts'

const begin = (): FakeRun => ({clock: createFakeClock(startedAt), log: [], invoked: []})

type Ran = {readonly steps: readonly TuneStep[]; readonly report: TuneReport}

async function ran(
  run: FakeRun,
  plan: TunePlan,
  options: TuneOptions,
  onStep: (step: TuneStep) => void = () => {},
  signal = new AbortController().signal,
): Promise<Ran> {
  const steps: TuneStep[] = []
  const all = async (): Promise<void> => {
    for await (const step of tuneFunction(awsOn(run.clock), plan, options, signal)) {
      steps.push(step)
      onStep(step)
    }
  }
  await run.clock.outcome(all())
  const last = steps.at(-1)
  if (last?.kind !== 'ended') throw new Error('it did not end')
  return {steps, report: last.report}
}

const kinds = (steps: readonly TuneStep[]): readonly string[] => steps.map(({kind}) => kind)

describe('a run', () => {
  test('begins the journal, makes what it invokes, tries the size that the function has, and removes everything', async () => {
    const [run, plan] = [begin(), planOf()]
    const {steps, report} = await ran(run, plan, fakesFor(run, plan))
    expect(run.log.slice(0, 3)).toEqual(['journal begins', 'opened', 'journal 1'])
    expect(run.log.slice(-2)).toEqual(['closed', 'journal ends'])
    expect(kinds(steps).slice(0, 3)).toEqual(['begun', 'doing', 'sampled'])
    expect(run.invoked[0]?.key).toBe('x86_64/512')
    expect(report).toMatchObject({
      ending: 'settled',
      spent: {invocations: 18, unknown: 0},
      cleanup: {cleanedUp: true},
      gaps: [],
      recommendation: {memorySizeMB: 256, kind: 'winner', reason: expect.stringContaining('the cheapest')},
    })
    expect(report.samples.map(({index}) => index)).toEqual(Array.from({length: 18}, (_, i) => i + 1))
  })

  test('invokes one at a time', async () => {
    const [run, plan] = [begin(), planOf()]
    await ran(run, plan, fakesFor(run, plan))
    expect(Math.max(...run.invoked.map(({underWay}) => underWay))).toBe(1)
  })

  test('invokes as many at a time as it is told to, and never more', async () => {
    const [run, plan] = [begin(), planOf({concurrency: 7})]
    const {report} = await ran(run, plan, fakesFor(run, plan))
    expect(Math.max(...run.invoked.map(({underWay}) => underWay))).toBe(6)
    expect(report.ending).toBe('settled')
  })

  test('says what it gave up, and takes in what the race proposes', async () => {
    const [run, plan] = [begin(), planOf()]
    const options = fakesFor(run, plan, {
      refused: [{...x86(1024), why: "the account's quota is 1,000 MB"}],
      race: raceOf(3, x86(384)),
      adds: stageOf,
    })
    const {steps, report} = await ran(run, plan, options)
    const moved = steps.flatMap(step => (step.kind === 'moved' ? [step.standing] : []))
    expect(moved.map(({memorySizeMB, status}) => [memorySizeMB, status])).toEqual([
      [1024, 'infeasible'],
      [384, 'racing'],
    ])
    expect(report.notes).toEqual(["1,024 MB cannot be had: the account's quota is 1,000 MB"])
    expect(report.sizes.map(({memorySizeMB}) => memorySizeMB)).toEqual([256, 384, 512, 1024])
  })

  test('leaves out sizes that its traffic would not fit in, says why, and takes no proposal of that kind', async () => {
    const used = {mostMB: 301, reports: 412, spanMs: 86_400_000}
    const [run, plan] = [begin(), planOf({candidates: [x86(512), x86(1024)], tooSmall: [x86(128), x86(256)], used})]
    const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(3, x86(320)), adds: stageOf}))
    expect(new Set(run.invoked.map(({key}) => key))).toEqual(new Set(['x86_64/512', 'x86_64/1024']))
    expect(report.sizes.map(({memorySizeMB, status, why}) => [memorySizeMB, status, why])).toEqual([
      [128, 'infeasible', 'its traffic used 301 MB'],
      [256, 'infeasible', 'its traffic used 301 MB'],
      [512, 'racing', null],
      [1024, 'racing', null],
    ])
    expect(report.recommendation?.memorySizeMB).toBe(512)
  })

  test('does not wait for a size that is being made when time is over', async () => {
    const [run, plan] = [begin(), planOf({limits: {maxCostUSD: 1, maxInvocations: 500, maxTimeMs: 10_000}})]
    const options = fakesFor(run, plan, {
      race: raceOf(3, x86(384)),
      adds: async (candidate, signal) => {
        await run.clock.sleep(600_000, signal)
        return stageOf(candidate)
      },
    })
    const {report} = await ran(run, plan, options)
    expect(report.ending).toBe('max-time')
    expect(run.clock.now() - startedAt).toBe(10_000)
    expect(run.log).toContain('closed')
  })

  test('goes on without a size that AWS would not make', async () => {
    const [run, plan] = [begin(), planOf()]
    const adds = (): Promise<never> => Promise.reject(new UserError('too many versions'))
    const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(3, x86(384)), adds}))
    expect(report.ending).toBe('settled')
    expect(report.notes[0]).toContain('was not measured: too many versions')
  })

  test('goes on without a size that cannot be added', async () => {
    const [run, plan] = [begin(), planOf()]
    const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(3, x86(384))}))
    expect(report.ending).toBe('settled')
    expect(report.notes).toEqual([expect.stringContaining('384 MB may be better still, and was not measured')])
  })

  test('tells who stops it while it measures that removing takes a while, and what else can be done', async () => {
    const [run, plan, controller] = [begin(), planOf(), new AbortController()]
    const stop = ({kind}: TuneStep): void => (kind === 'sampled' ? controller.abort() : undefined)
    const {steps} = await ran(run, plan, fakesFor(run, plan), stop, controller.signal)
    expect(steps.at(-2)).toEqual({
      kind: 'doing',
      what: `removes what was made, which takes some seconds; Ctrl-C again leaves it to slsops tune --cleanup ${plan.runId}`,
    })
  })

  test('time that is over, or an abort, while a size is being made ends it as it does elsewhere', async () => {
    for (const ending of ['max-time', 'interrupted'] as const) {
      const [run, plan, controller] = [begin(), planOf(), new AbortController()]
      const options = fakesFor(run, plan, {
        race: raceOf(3, x86(384)),
        async adds(_candidate, signal) {
          if (ending === 'interrupted') controller.abort()
          await run.clock.sleep(3_600_000, signal)
          return null
        },
      })
      const {report} = await ran(run, plan, options, () => {}, controller.signal)
      expect(report).toMatchObject({ending, cleanup: {cleanedUp: true}})
      expect(report.failure).toBeUndefined()
    }
  })

  test('the snapshot of a size that is proposed counts for the cost', async () => {
    const source = {snapStart: true, configuration: {Runtime: 'python3.13'}} as const
    const candidates = [x86(256), x86(512)]
    const limits = {maxCostUSD: 0.05, maxInvocations: 120, maxTimeMs: 900_000}
    const [run, plan] = [begin(), planOf({source, candidates, limits})]
    const added: number[] = []
    const adds = (candidate: {memorySizeMB: number}): null => {
      added.push(candidate.memorySizeMB)
      return null
    }
    const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(3, x86(10_240)), adds}))
    expect(report.samples.length).toBeGreaterThan(0)
    expect(added).toEqual([])
    expect(report.notes).toEqual([expect.stringContaining('its snapshot may cost more than is left')])
  })

  test('tries every size, however much memory was used at another: only what happens there proves anything', async () => {
    const [run, plan] = [begin(), planOf({candidates: [x86(128), x86(256), x86(512), x86(1024)]})]
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves: () => ({maxMemoryUsedMB: 240})}))
    expect(new Set(run.invoked.map(({key}) => key)).size).toBe(4)
    expect(report.sizes.map(({status}) => status)).not.toContain('infeasible')
  })

  test('takes in no size beside those that were listed, and says nothing of it', async () => {
    const [run, plan] = [begin(), planOf({mayPropose: false})]
    const added: number[] = []
    const adds = (candidate: Candidate) => {
      added.push(candidate.memorySizeMB)
      return stageOf(candidate)
    }
    const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(3, x86(384)), adds}))
    expect(added).toEqual([])
    expect(report).toMatchObject({ending: 'settled', notes: []})
    expect(report.sizes.map(({memorySizeMB}) => memorySizeMB)).toEqual([256, 512, 1024])
  })

  test.each([
    [20, /^5\.0 × slower than its traffic of the last day at 512 MB .* 100 ms at most, of its traffic 20 ms/],
    [340, /^3\.4 × faster than its traffic/],
  ])('says that a payload is unlike the traffic, of which half takes %d ms at most', async (usualMs, said) => {
    const [run, plan] = [begin(), planOf({usualMs})]
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves: () => ({durationMs: 100})}))
    expect(report.notes).toEqual([expect.stringMatching(said)])
    expect(report.warnings).toEqual(report.notes)
    expect(report.ending).toBe('settled')
  })

  test.each([null, 60, 190])('says nothing of a payload where the traffic takes %s ms', async usualMs => {
    const [run, plan] = [begin(), planOf({usualMs})]
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves: () => ({durationMs: 100})}))
    expect(report.notes).toEqual([])
  })

  test('skips a size that fails', async () => {
    const [run, plan] = [begin(), planOf()]
    const options = fakesFor(run, plan, {behaves: ({memorySizeMB}) => (memorySizeMB === 256 ? {outcome: 'oom'} : {})})
    const {report} = await ran(run, plan, options)
    expect(report.ending).toBe('settled')
    expect(report.recommendation?.memorySizeMB).toBe(512)
  })

  test('tells what changes against the size that the function has, with intervals', async () => {
    const [run, plan] = [begin(), planOf()]
    const behaves = ({memorySizeMB}: {memorySizeMB: number}, n: number) => ({
      durationMs: ({256: 400, 512: 190}[memorySizeMB] ?? 60) + n,
    })
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves, race: raceOf(25)}))
    const against = report.recommendation?.againstCurrent
    expect(report.recommendation?.memorySizeMB).toBe(1024)
    for (const change of [against?.cost, against?.duration, against?.p95]) {
      expect(change?.ci95?.[0]).toBeLessThan(change?.share ?? 0)
      expect(change?.ci95?.[1]).toBeGreaterThan(change?.share ?? 0)
    }
    expect(against?.duration.share).toBeCloseTo(73 / 203 - 1, 2)
  })
})

describe('the first invocation', () => {
  test.each([
    [
      {outcome: 'error', errorType: 'ValidationError', excerpt: '{"errorMessage":"no order"}'},
      'the function failed with ValidationError: {"errorMessage":"no order"}',
    ],
    [{outcome: 'timeout'}, 'it ran into its timeout'],
    [
      {looksLikeError: 'statusCode 500', excerpt: '{"statusCode":500}'},
      'answered what looks like an error (statusCode 500): {"statusCode":500}',
    ],
    [{unknown: 'the connection was reset'}, 'was not answered: the connection was reset'],
  ] as const)('ends the run when it is not as it should be: %j', async (behaviour, why) => {
    const [run, plan] = [begin(), planOf()]
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves: () => behaviour}))
    expect(run.invoked).toHaveLength(1)
    expect(report).toMatchObject({ending: 'failing', recommendation: null, spent: {invocations: 1}})
    expect(report.gaps[0]).toContain(why)
    expect(run.log).toContain('closed')
  })

  test('may end in an error that is allowed', async () => {
    for (const [allowed, behaviour] of [
      ['statusCode 404', {looksLikeError: 'statusCode 404'}],
      ['NotFound', {outcome: 'error', errorType: 'NotFound'}],
    ] as const) {
      const [run, plan] = [begin(), planOf({allowErrors: [allowed]})]
      await ran(run, plan, fakesFor(run, plan, {behaves: () => behaviour}))
      expect(run.invoked.length).toBeGreaterThan(1)
    }
  })

  test('that Lambda refuses ends the run with what was refused', async () => {
    const [run, plan] = [begin(), planOf()]
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves: () => ({throws: denied})}))
    expect(report).toMatchObject({ending: 'failed', failure: denied, spent: {invocations: 0, costUSD: 0}})
    expect(run.log.slice(-2)).toEqual(['closed', 'journal ends'])
  })
})

describe('limits', () => {
  const most = 0.5 * 13 * 1.66667e-5 + 2e-7

  test('T23: of a budget of $0.001 the pandas profile makes at most 4 invocations, and never spends more', async () => {
    const sweep = pointsOf('pandas_1M', 'arm64')
    for (const timeoutSeconds of [60, 90, 120, 300, 900]) {
      const run = begin()
      const candidates = [256, 512, 1024, 1536, 2048, 3008].map(arm)
      const plan = planOf({
        candidates,
        source: {architecture: 'arm64', timeoutSeconds},
        limits: {maxCostUSD: 0.001, maxInvocations: 240, maxTimeMs: 3_600_000},
      })
      const behaves = ({memorySizeMB}: {memorySizeMB: number}) => ({
        durationMs: sweep.find(point => point.memorySizeMB === memorySizeMB)?.durationMs ?? 0,
      })
      const {report} = await ran(run, plan, fakesFor(run, plan, {behaves}))
      expect(report.ending).toBe('max-cost')
      expect(report.spent.costUSD).toBeLessThanOrEqual(0.001)
      expect(run.invoked.length).toBeLessThanOrEqual(4)
      expect(report.gaps.join()).toContain('not enough to tell the sizes apart')
      if (timeoutSeconds <= 120) expect(run.invoked.length).toBeGreaterThan(0)
    }
  })

  test('what may go beyond the cost is not begun, and nothing is made where not even one invocation is covered', async () => {
    const run = begin()
    const plan = planOf({limits: {maxCostUSD: most * 0.99, maxInvocations: 120, maxTimeMs: 60_000}})
    const {report} = await ran(run, plan, fakesFor(run, plan))
    expect(report).toMatchObject({ending: 'max-cost', spent: {invocations: 0, costUSD: 0}, recommendation: null})
    expect(run.log).toEqual([])
  })

  test('hold with several at a time, each counted at the most that it may cost', async () => {
    const run = begin()
    const plan = planOf({
      candidates: [x86(512)],
      concurrency: 10,
      limits: {maxCostUSD: most * 3.5, maxInvocations: 120, maxTimeMs: 60_000},
    })
    const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(1000)}))
    expect(report.ending).toBe('max-invocations')
    expect(report.spent.costUSD).toBeLessThanOrEqual(most * 3.5)
    expect(Math.max(...run.invoked.map(({underWay}) => underWay))).toBe(3)
  })

  test('so many invocations are made, and not one more', async () => {
    const run = begin()
    const plan = planOf({concurrency: 4, limits: {maxCostUSD: 1, maxInvocations: 11, maxTimeMs: 600_000}})
    const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(100)}))
    expect(run.invoked).toHaveLength(11)
    expect(report).toMatchObject({
      ending: 'max-invocations',
      spent: {invocations: 11},
      recommendation: {kind: 'best-so-far'},
    })
  })

  test('nothing is begun that will outlast the time, and what does is not waited for', async () => {
    const run = begin()
    const plan = planOf({limits: {maxCostUSD: 1, maxInvocations: 500, maxTimeMs: 10_000}})
    const hangs = fakesFor(run, plan, {
      race: raceOf(100),
      behaves: (_candidate, n) => ({durationMs: n === 3 ? 3_000_000 : 900}),
    })
    const {report} = await ran(run, plan, hangs)
    expect(report.ending).toBe('max-time')
    expect(run.clock.now() - startedAt).toBe(10_000)
    expect(report.spent.unknown).toBe(1)
    expect(report.gaps.at(-1)).toContain('1 invocation was not answered')

    const other = begin()
    const {report: whole} = await ran(
      other,
      plan,
      fakesFor(other, plan, {race: raceOf(100), behaves: () => ({durationMs: 900})}),
    )
    expect(whole).toMatchObject({ending: 'max-time', spent: {unknown: 0}})
    expect(other.clock.now() - startedAt).toBeLessThanOrEqual(10_000)
  })

  test('what was invoked without an answer before the run was resumed counts at its most', async () => {
    const run = begin()
    const plan = planOf({limits: {maxCostUSD: most * 3.5, maxInvocations: 120, maxTimeMs: 600_000}})
    const options = {...fakesFor(run, plan, {race: raceOf(100)}), unanswered: [x86(512), x86(512)]}
    const {report} = await ran(run, plan, options)
    expect(report).toMatchObject({ending: 'max-cost', spent: {unknown: 2}})
    expect(report.gaps).toContainEqual(expect.stringMatching(/^2 invocations were not answered/))
    expect(report.spent.costUSD).toBeGreaterThanOrEqual(most * 2)
    expect(report.spent.costUSD).toBeLessThanOrEqual(most * 3.5)
    expect(report.spent.invocations).toBe(run.invoked.length + 2)
  })

  test('hold whatever a function does, at any concurrency: 80 runs at random', async () => {
    for (let seed = 1; seed <= 80; seed++) {
      const random = seededRandom(seed)
      const run = begin()
      const limits = {
        maxCostUSD: most * (1 + 30 * random()),
        maxInvocations: 1 + Math.floor(60 * random()),
        maxTimeMs: 1 + Math.floor(120_000 * random()),
      }
      const plan = planOf({limits, concurrency: 1 + Math.floor(8 * random())})
      let realUSD = 0
      const behaves = (candidate: Candidate, n: number) => {
        const durationMs = random() < 0.1 ? 13_000 : 10 + 2000 * random()
        realUSD += invocationCostUSD(plan.prices, {
          ...candidate,
          ephemeralStorageMB: 512,
          billedMs: Math.ceil(durationMs),
        })
        if (n > 0 && random() < 0.05) return {durationMs, unknown: 'the connection was reset'}
        if (n > 0 && random() < 0.03) return {durationMs, outcome: 'error', errorType: 'Oops'} as const
        return {durationMs}
      }
      const {report} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(30), behaves}))
      expect(realUSD).toBeLessThanOrEqual(limits.maxCostUSD)
      expect(report.spent.costUSD).toBeLessThanOrEqual(limits.maxCostUSD * (1 + 1e-12))
      expect(report.spent.costUSD).toBeGreaterThanOrEqual(realUSD * (1 - 1e-12))
      expect(run.invoked.length).toBeLessThanOrEqual(limits.maxInvocations)
      expect(report.spent.invocations).toBe(run.invoked.length)
      expect(Math.max(0, ...run.invoked.map(({at}) => at)) - startedAt).toBeLessThanOrEqual(limits.maxTimeMs)
      expect(report.samples.length + report.spent.unknown).toBe(run.invoked.length)
      expect(run.log.filter(line => line === 'closed')).toHaveLength(run.log.includes('opened') ? 1 : 0)
    }
  })

  test('what was measured before the run was resumed counts', async () => {
    const [run, plan] = [begin(), planOf({limits: {maxCostUSD: 1, maxInvocations: 10, maxTimeMs: 60_000}})]
    const {report: first} = await ran(run, plan, fakesFor(run, plan, {race: raceOf(100)}))
    const second = begin()
    const more = planOf({limits: {maxCostUSD: 1, maxInvocations: 15, maxTimeMs: 60_000}})
    const options = {...fakesFor(second, more, {race: raceOf(100)}), earlier: first.samples}
    const {report} = await ran(second, more, options)
    expect(second.invoked).toHaveLength(5)
    expect(report.samples).toHaveLength(15)
    expect(report.samples.at(-1)?.index).toBe(15)
  })
})

describe('what goes wrong', () => {
  test('lost answers are counted at their most, not made again, and a size that gives none is given up', async () => {
    const [run, plan] = [begin(), planOf()]
    const options = fakesFor(run, plan, {
      behaves: ({memorySizeMB}) => (memorySizeMB === 1024 ? {unknown: 'the connection was reset'} : {}),
    })
    const {report} = await ran(run, plan, options)
    expect(run.invoked.filter(({key}) => key === 'x86_64/1024')).toHaveLength(3)
    expect(report).toMatchObject({ending: 'settled', spent: {unknown: 3}, gaps: []})
    expect(report.notes).toContainEqual(expect.stringMatching(/^3 invocations were not answered: whether they ran/))
    expect(report.sizes.at(-1)).toMatchObject({
      status: 'infeasible',
      why: 'no answer 3 times: the connection was reset',
    })
    expect(report.spent.costUSD).toBeGreaterThan(3 * 13 * 1.66e-5)
  })

  test('an answer that is settled is whole, whatever a run that it goes on with lost', async () => {
    const [run, plan] = [begin(), planOf()]
    const {report} = await ran(run, plan, {...fakesFor(run, plan), unanswered: [x86(512)]})
    expect(report).toMatchObject({ending: 'settled', spent: {unknown: 1}, gaps: []})
    expect(report.notes).toEqual([expect.stringMatching(/^1 invocation was not answered/)])
    expect(verdictsOn(report)).toEqual([])
  })

  test('a refusal on the way ends it with what was measured until then', async () => {
    const [run, plan] = [begin(), planOf()]
    const behaves = (_: unknown, n: number) => (n === 3 ? {throws: denied} : {})
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves}))
    expect(report).toMatchObject({ending: 'failed', failure: denied, recommendation: {kind: 'best-so-far'}})
    expect(report.gaps).toContain('AWS refused to invoke')
    expect(run.log).toContain('closed')
  })

  test('a size that cannot be invoked is left out', async () => {
    const [run, plan] = [begin(), planOf()]
    const behaves = ({memorySizeMB}: {memorySizeMB: number}) =>
      memorySizeMB === 256 ? {throws: new UserError('the function is in state Failed')} : {}
    const {report} = await ran(run, plan, fakesFor(run, plan, {behaves}))
    expect(report.ending).toBe('settled')
    expect(report.sizes[0]).toMatchObject({status: 'infeasible', why: 'the function is in state Failed'})
  })

  test("somebody's deploy ends it, and touches nothing more", async () => {
    const [run, plan] = [begin(), planOf()]
    const deployed = new UserError('somebody deployed resize meanwhile', {code: 'DeployedMeanwhile'})
    const {report} = await ran(run, plan, fakesFor(run, plan, {opens: () => Promise.reject(deployed)}))
    expect(report).toMatchObject({ending: 'deployed-meanwhile', failure: deployed, recommendation: null})
    expect(run.log).not.toContain('closed')
    expect(report.cleanup.cleanedUp).toBe(true)
  })

  test('what a failed making could not remove again is told', async () => {
    const [run, plan] = [begin(), planOf()]
    const refused = new UserError('AWS refused', {exitCode: 4})
    const undone = {cleanedUp: false, left: ['slsops-tune-resize-k3f9x2ab'], done: []}
    const fakes = fakesFor(run, plan, {opens: () => Promise.reject(refused), undone})
    const {report} = await ran(run, plan, fakes)
    expect(report).toMatchObject({ending: 'failed', failure: refused, cleanup: undone})
    expect(run.log).not.toContain('journal ends')
  })

  test('a bug is thrown when all is removed', async () => {
    const [run, plan] = [begin(), planOf()]
    const behaves = (_: unknown, n: number) => (n === 2 ? {throws: new TypeError('undefined is no function')} : {})
    const steps: TuneStep[] = []
    await expect(ran(run, plan, fakesFor(run, plan, {behaves}), step => steps.push(step))).rejects.toThrow(TypeError)
    expect(kinds(steps).at(-1)).toBe('ended')
    expect(run.log).toContain('closed')
  })

  test('an abort at any step ends it at once, with everything removed by a signal of its own', async () => {
    const whole = begin()
    const {steps} = await ran(whole, planOf(), fakesFor(whole, planOf()))
    for (let i = 0; i < steps.length - 2; i++) {
      const [run, plan] = [begin(), planOf({concurrency: 2})]
      const stop = new AbortController()
      let seen = 0
      let invokedThen = 0
      const {report} = await ran(
        run,
        plan,
        fakesFor(run, plan),
        () => {
          if (seen++ !== i) return
          stop.abort(new Error('interrupted'))
          invokedThen = run.invoked.length
        },
        stop.signal,
      )
      expect(report.ending).toBe('interrupted')
      expect(run.invoked.length).toBe(invokedThen)
      expect(run.log.filter(line => line === 'closed' || line === 'closed too late')).toEqual(
        run.log.includes('opened') ? ['closed'] : [],
      )
    }
  })

  test('what is made is removed also where nobody wants the steps any more', async () => {
    const whole = begin()
    const {steps} = await ran(whole, planOf(), fakesFor(whole, planOf()))
    for (let i = 1; i < steps.length; i++) {
      const [run, plan] = [begin(), planOf({concurrency: 3})]
      const some = async (): Promise<void> => {
        let seen = 0
        for await (const _step of tuneFunction(
          awsOn(run.clock),
          plan,
          fakesFor(run, plan),
          new AbortController().signal,
        ))
          if (seen++ === i) break
      }
      await run.clock.outcome(some())
      expect(run.log.filter(line => line === 'closed')).toHaveLength(1)
      expect(run.log.at(-1)).toBe('journal ends')
    }
  })

  test('what was not answered may run on, and write into a log group that is made anew: that is told', async () => {
    const [run, plan, stop] = [begin(), planOf(), new AbortController()]
    const {report} = await ran(
      run,
      plan,
      fakesFor(run, plan),
      step => step.kind === 'sampled' && void run.clock.sleep(10).then(() => stop.abort()),
      stop.signal,
    )
    expect(report).toMatchObject({ending: 'interrupted', spent: {unknown: 1}})
    expect(report.notes).toEqual([expect.stringContaining('may run on for 3 s')])
  })

  test('what could not be removed is told, and the journal stays', async () => {
    const [run, plan] = [begin(), planOf()]
    const cleanup = {cleanedUp: false, left: ['the function slsops-tune-resize-k3f9x2ab: denied'], done: []}
    const {report} = await ran(run, plan, fakesFor(run, plan, {cleanup}))
    expect(report.cleanup).toEqual(cleanup)
    expect(run.log).not.toContain('journal ends')
  })
})
