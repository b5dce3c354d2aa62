import {parse} from '@oclif/core/parser'
import {describe, expect, test} from 'vitest'
import Tune from '../../src/commands/tune.ts'
import {shareFrom} from '../../src/flags/share.ts'
import {type TuneFlags, tuneFlags, tuneOptionsFrom} from '../../src/flags/tune.ts'

/** What a command line means, through the real parser. */
async function optionsOf(...argv: readonly string[]) {
  const {flags, argv: targets} = await parse([...argv], {flags: {...Tune.baseFlags, ...tuneFlags}, strict: false})
  const unset = {apply: false, 'allow-latest': false}
  return tuneOptionsFrom({...unset, ...(flags as unknown as TuneFlags)}, targets as string[], null)
}

test('by default the cheapest of usual sizes is looked for on a clone, one call at a time, for half a dollar at most', async () => {
  expect(await optionsOf('checkout-api')).toEqual({
    mode: 'shadow',
    objective: {goal: {kind: 'cheapest'}, slo: null, costTolerance: null, indifference: 0.03},
    sizes: [128, 256, 512, 1024, 1536, 1769, 2048, 3008],
    mayPropose: true,
    architectures: null,
    limits: {maxCostUSD: 0.5, maxInvocations: null, maxTimeMs: null},
    concurrency: 1,
    allowErrors: [],
    tenantId: null,
    allowLatest: false,
    coldRatio: null,
    payload: {kind: 'none'},
    resume: null,
    isApplied: false,
    out: null,
  })
})

describe('what is asked for', () => {
  test.each([
    [['--memory', '512,128'], {sizes: [128, 512], mayPropose: false}],
    [['--arch', 'x86_64,arm64'], {architectures: ['x86_64', 'arm64']}],
    [['--arch', 'arm64', '--arch', 'arm64', 'a'], {architectures: ['arm64']}],
    [['--goal', 'fastest'], {objective: {goal: {kind: 'fastest'}}}],
    [['--goal', 'balanced'], {objective: {goal: {kind: 'balanced', weight: 0.5}}}],
    [['--goal', 'balanced', '--balance-weight', '30%'], {objective: {goal: {kind: 'balanced', weight: 0.3}}}],
    [['--slo', 'p95=300ms'], {objective: {slo: {percentile: 95, limitMs: 300}}}],
    [['--slo', 'p99 < 1.5s'], {objective: {slo: {percentile: 99, limitMs: 1500}}}],
    [['--cost-tolerance', '5%'], {objective: {costTolerance: 0.05}}],
    [
      ['--max-cost', '$0.001', '--max-invocations', '7', '--max-time', '90s'],
      {limits: {maxCostUSD: 0.001, maxInvocations: 7, maxTimeMs: 90_000}},
    ],
    [['--cold-ratio', '1%'], {coldRatio: 0.01}],
    [['--cold-ratio', '0'], {coldRatio: 0}],
    [
      ['--allow-error', 'NotFound', '--allow-error', 'statusCode 404', 'a'],
      {allowErrors: ['NotFound', 'statusCode 404']},
    ],
    [['--mode', 'versions', '--allow-latest'], {mode: 'versions', allowLatest: true}],
    [['--concurrency', '5', '--tenant-id', 'blue'], {concurrency: 5, tenantId: 'blue'}],
    [['--payload', '{"a":1}'], {payload: {kind: 'argument', text: '{"a":1}', stdin: null}}],
    [['--payload', '-'], {payload: {kind: 'argument', text: '-'}}],
    [['--payloads', 'events.ndjson'], {payload: {kind: 'lines', path: 'events.ndjson'}}],
    [['--payload-dir', 'payloads'], {payload: {kind: 'folder', path: 'payloads'}}],
    [['--apply', '--out', 'a/tune.csv'], {isApplied: true, out: {file: 'a/tune.csv', format: 'csv'}}],
    [['--resume', '20261120-140711-k3f9x2ab'], {resume: '20261120-140711-k3f9x2ab'}],
  ])('%j', async (argv, options) => {
    expect(await optionsOf(...argv)).toMatchObject(options)
  })
})

describe('what cannot be meant is refused, with what to write instead', () => {
  test.each([
    [['--memory', '64'], 'a function has from 128 to 10,240 MB'],
    [['--goal', 'fastest', '--balance-weight', '0.5'], '--balance-weight is for --goal balanced'],
    [['--goal', 'fastest', '--cost-tolerance', '5%'], '--cost-tolerance takes the fastest of the nearly cheapest'],
    [['--slo', '300ms'], '--slo 300ms is no latency objective'],
    [['--slo', 'p42=300ms'], 'is no latency objective'],
    [['--slo', 'p95=300'], '--slo p95=300: 300 has no unit (ms or s)'],
    [['--slo', 'p95=5x'], '--slo p95=5x: x is not a unit of time'],
    [['--slo', 'p95=0s'], 'nothing is done in no time'],
    [['--slo', 'p95='], '--slo p95=: the limit is missing'],
    [['--max-cost', 'much'], '--max-cost much is no amount'],
    [['--max-cost', '0'], '--max-cost 0 allows no invocation'],
    [['--max-cost', '-1'], 'is no amount'],
    [['--max-time', '10'], '10 has no unit'],
    [['--max-time', '0s'], 'allows no invocation'],
    [['--cold-ratio', '2'], '--cold-ratio 2 is more than all'],
    [['--cold-ratio', 'some'], '--cold-ratio some is no share'],
    [['--allow-error', ' '], '--allow-error is empty'],
    [['--mode', 'versions', '--arch', 'arm64'], '--mode versions has only the architecture of the function'],
    [['--mode', 'observe', '--apply'], '--mode observe measures nothing that could be applied'],
    [['--allow-latest'], '--allow-latest is for --mode versions'],
    [['--resume', '20261120-140711-k3f9x2ab', '--mode', 'observe'], 'nothing to go on with'],
    [['checkout-api', '--resume', '20261120-140711-k3f9x2ab'], 'knows which function it was about'],
    [['--out', 'tune.docx'], 'does not know this kind of file'],
  ])('%j', async (argv, message) => {
    await expect(optionsOf(...argv)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      exitCode: 2,
      hint: expect.stringMatching(/./),
    })
  })

  test.each([
    [['--payload', '{}', '--payloads', 'a']],
    [['--cleanup', '--apply']],
    [['--concurrency', '0']],
    [['--max-invocations', '0']],
    [['--mode', 'live']],
    [['--arch', 'mips']],
  ])('%j, by the parser', async argv => {
    await expect(optionsOf(...argv)).rejects.toThrow()
  })
})

test.each([
  ['5%', 0.05],
  ['5 %', 0.05],
  ['.5', 0.5],
  ['100%', 1],
  ['1', 1],
  ['0', 0],
])('the share %s is %s', (text, share) => {
  expect(shareFrom(text, '--x')).toBeCloseTo(share, 12)
})

test.each([
  ['500%', '--cost-tolerance 5%'],
  ['5', '--cost-tolerance 5%'],
  ['500', '--cost-tolerance 5%'],
  ['12.5', '--cost-tolerance 12.5%'],
])('the share %s is too much, and the hint can be meant', (text, hint) => {
  expect(() => shareFrom(text, '--cost-tolerance')).toThrow(
    expect.objectContaining({hint: expect.stringMatching(new RegExp(`as in ${hint}$`))}),
  )
})

test('a latency objective without a unit is told how milliseconds are written', async () => {
  await expect(optionsOf('--slo', 'p95=300')).rejects.toMatchObject({hint: 'for example --slo p95=300ms'})
})
