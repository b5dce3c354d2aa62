import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parse} from '@oclif/core/parser'
import {describe, expect, test} from 'vitest'
import {globalFlags} from '../../src/flags/global.ts'
import {type ShiftFlags, shiftFlags} from '../../src/flags/shift.ts'
import {resumedFrom, shiftWishFrom} from '../../src/flags/shift-wish.ts'

const folder = mkdtempSync(join(tmpdir(), 'shift-flags-'))
const fileWith = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function parsed(argv: readonly string[]) {
  const {flags, argv: words} = await parse([...argv], {flags: {...globalFlags, ...shiftFlags}, strict: false})
  const unset = {'all-at-once': false, force: false, 'take-over': false}
  return {flags: {...unset, ...(flags as unknown as ShiftFlags)}, words: words as string[]}
}

/** What a command line means, through the real parser. */
const wishOf = async (argv: readonly string[], config: string | null = null) =>
  shiftWishFrom((await parsed(argv)).flags, config)

test('a canary is judged against what it replaces, held when nobody can tell, and taken back on Ctrl-C', async () => {
  expect(await wishOf(['checkout-api', '--to', '42', '--canary', '10%/5m'])).toEqual({
    alias: null,
    to: {kind: 'version', version: '42'},
    ladder: {kind: 'canary', basisPoints: 1000, everyMs: 300_000},
    bakeMs: null,
    gate: 'auto',
    judge: {alpha: 0.01, beta: 0.05, times: 1.5, margin: 0.005, worseBy: 0.02},
    alarms: [],
    allowAlarms: [],
    gateFilter: null,
    onInconclusive: 'hold',
    onInterrupt: 'rollback',
    maxTimeMs: null,
    deadMan: null,
    handOver: null,
    note: null,
    waves: [],
    muted: [],
    solo: null,
    force: false,
    takeOver: false,
  })
})

const role = 'arn:aws:iam::123456789012:role/ops/rollback'

describe('what is asked for', () => {
  test.each([
    [['--canary', '0.5%/90s'], {ladder: {kind: 'canary', basisPoints: 50, everyMs: 90_000}}],
    [['--canary', '12.34% / 1h30m'], {ladder: {kind: 'canary', basisPoints: 1234, everyMs: 5_400_000}}],
    [['--linear', '10%/1m'], {ladder: {kind: 'linear', by: {basisPoints: 1000}, everyMs: 60_000}}],
    [['--linear', '7x/1m'], {ladder: {kind: 'linear', by: {steps: 7}, everyMs: 60_000}}],
    [['--weight', '0.01%'], {ladder: {kind: 'weight', basisPoints: 1}, gate: 'none'}],
    [['--weight', '100%'], {ladder: {kind: 'weight', basisPoints: 10_000}}],
    [['--weight', '29%'], {ladder: {kind: 'weight', basisPoints: 2900}}],
    [['--all-at-once'], {ladder: {kind: 'all-at-once'}}],
    [['--all-at-once', '--gate', 'none', '--bake', '0s'], {gate: 'none', bakeMs: 0}],
    [['--all-at-once', '--alarm', 'a', '--alarm', 'b', '--alarm', 'a'], {alarms: ['a', 'b']}],
    [['--all-at-once', '--allow-alarm', 'red'], {allowAlarms: ['red']}],
    [['--all-at-once', '--gate-filter', '"status\\":500"'], {gateFilter: '"status\\":500"'}],
    [['--all-at-once', '--on-inconclusive', 'promote'], {onInconclusive: 'promote'}],
    [['--all-at-once', '--on-interrupt', 'hold'], {onInterrupt: 'hold'}],
    [['--all-at-once', '--max-time', '2h'], {maxTimeMs: 7_200_000}],
    [
      ['--all-at-once', '--wave', 'billing-*,ledger', '--wave', '{a,b} c'],
      {
        waves: [
          ['billing-*', 'ledger'],
          ['{a,b}', 'c'],
        ],
      },
    ],
    [['--all-at-once', '--mute', 'a', '--mute', 'b'], {muted: ['a', 'b']}],
    [['--all-at-once', '--solo', 'a'], {solo: 'a'}],
    [['--all-at-once', '--dead-man', '15m', '--dead-man-role', role], {deadMan: {afterMs: 900_000, roleArn: role}}],
    [['--all-at-once', '--hand-over', 'codedeploy'], {handOver: {application: null, group: null}}],
    [
      ['--all-at-once', '--hand-over', 'codedeploy', '--codedeploy-group', 'shop/checkout'],
      {handOver: {application: 'shop', group: 'checkout'}},
    ],
    [['--all-at-once', '--note', ' pay-v42 '], {note: 'pay-v42'}],
    [['--all-at-once', '--alias', 'live', '--force', '--take-over'], {alias: 'live', force: true, takeOver: true}],
  ])('%j', async (argv, wish) => {
    expect(await wishOf(['checkout-api', '--to', '42', ...argv])).toMatchObject(wish)
  })

  test('latest is a version that is found out later', async () => {
    expect(await wishOf(['--to', 'latest', '--all-at-once'])).toMatchObject({to: {kind: 'latest'}})
  })
})

describe('what cannot be meant is refused, with what to write instead', () => {
  test.each([
    [[], 'how the traffic is to move is not said', '--canary 10%/5m'],
    [['--canary', '10%/5m', '--weight', '10%'], '--weight and --canary are different ways', 'say one of'],
    [['--canary', '10%'], '--canary 10% says no weight and time', '--canary 10%/5m'],
    [['--canary', '10/5m'], 'a weight is in percent', '--canary 10%/5m'],
    [['--canary', '10%/5'], '--canary 10%/5: 5 has no unit', '--canary 10%/5m'],
    [['--canary', '10%/0s'], 'nothing is seen in no time', '--canary 10%/5m'],
    [['--canary', '0%/5m'], 'moves nothing', 'slsops rollback'],
    [['--canary', '100%/5m'], 'moves all traffic in its first step', '--all-at-once'],
    [['--canary', '101%/5m'], 'is more than all traffic', '100% is all'],
    [['--canary', '-1%/5m'], "'-1%' is no weight", '--canary 10%/5m'],
    [['--canary', '1e2%/5m'], "'1e2%' is no weight", '--canary 10%/5m'],
    [['--canary', '12.345%/5m'], 'is finer than a weight can be', 'two decimals'],
    [['--linear', '1x/1m'], 'there can be from 2 to 10000 steps', '--linear 7x/1m'],
    [['--linear', '99999x/1m'], 'there can be from 2 to 10000 steps', '--linear 7x/1m'],
    [['--weight', 'NaN%'], 'is no weight', '--weight 10%'],
    [['--weight', '10%', '--alarm', 'x'], '--alarm is of a shift that is watched', '--canary'],
    [['--weight', '10%', '--dead-man', '15m'], '--dead-man is of a shift that is watched', '--canary'],
    [['--all-at-once', '--gate', 'none', '--gate-filter', 'x'], '--gate none counts nothing', 'one of them'],
    [['--all-at-once', '--dead-man', '15m'], '--dead-man needs a role', '--dead-man-role'],
    [['--all-at-once', '--dead-man', '1m', '--dead-man-role', role], 'a schedule may be a minute late', '15m'],
    [['--all-at-once', '--dead-man', '5m', '--dead-man-role', 'rollback'], 'is not the ARN of a role', 'arn:aws:iam'],
    [['--all-at-once', '--dead-man-role', role], '--dead-man-role is for --dead-man', 'give both'],
    [['--all-at-once', '--codedeploy-group', 'a/b'], '--codedeploy-group is for --hand-over', 'both'],
    [['--all-at-once', '--hand-over', 'codedeploy', '--codedeploy-group', 'a'], 'is no application and', 'shop/'],
    [['--all-at-once', '--hand-over', 'codedeploy', '--solo', 'a'], 'CodeDeploy does not know --solo', 'leave'],
    [['--all-at-once', '--max-time', '0s'], '--max-time 0 waits for nothing', '2h'],
    [['--all-at-once', '--alarm', ' '], '--alarm is empty', 'name one'],
    [['--all-at-once', '--wave', ' '], '--wave is empty', 'billing-*'],
    [['--all-at-once', '--note', ''], '--note is empty', 'pay-v42'],
    [['--all-at-once', '--alias', '42'], '--alias 42 is no alias', 'a version is named by --to'],
    [['--all-at-once', '--alias', 'a b'], '--alias a b is no alias', 'live'],
  ])('%j', async (argv, message, hint) => {
    await expect(wishOf(['checkout-api', '--to', '42', ...argv])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  test.each([
    [[], 'the version that traffic is to move to is not said', '--to latest'],
    [['--to', 'v42'], '--to v42 is no version', '--to 42'],
    [['--to', '042'], '--to 042 is no version', '--to 42'],
    [['--to', '$LATEST'], '--to $LATEST is no published version', 'publish-version'],
    [['--to', ''], '--to is empty', '--to 42'],
    [['--to', '42', '--to-file', 'x'], '--to and --to-file both say', 'one of them'],
    [['--to-file', '/nowhere'], '--to-file /nowhere: there is no such file', 'a line'],
  ])('%j', async (argv, message, hint) => {
    await expect(wishOf(['--all-at-once', ...argv])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })
})

describe('versions of several functions, in a file', () => {
  const versions = {
    kind: 'each',
    versions: new Map([
      ['checkout-api', '42'],
      ['orders', 'latest'],
    ]),
  }

  test.each([
    ['an object.json', '\uFEFF{"checkout-api": 42, "orders": "latest"}'],
    ['lines.txt', '# of tonight\r\ncheckout-api 42\r\n\r\norders=latest # newest\r\n'],
  ])('%s', async (name, content) => {
    expect(await wishOf(['--all-at-once', '--to-file', fileWith(name, content)])).toMatchObject({to: versions})
  })

  test.each([
    ['', 'is empty'],
    ['{}', 'is empty'],
    ['{"a": ', 'begins as JSON and is none'],
    ['{"a": ["1"]}', 'the version of a is neither text nor a number'],
    ['{"a": 1.5}', 'a 1.5 is no version'],
    ['a', 'line 1 is no function and version'],
    ['a 1\nb 2 3', 'line 2 is no function and version'],
    ['a 1\na 2', 'says a twice'],
    ['a:live 1', "'a:live' is no function’s name"],
  ])('%j is refused', async (content, message) => {
    await expect(wishOf(['--all-at-once', '--to-file', fileWith('bad', content)])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    })
  })
})

describe('the config file', () => {
  const config = (defaults: unknown): string => fileWith('config.json', JSON.stringify({defaults}))
  const usual = ['--to', '42', '--all-at-once']

  test('has defaults, which flags beat', async () => {
    const gate = {alarms: ['5xx'], onInconclusive: 'rollback', worseBy: 0.05}
    const path = config({alias: 'live', deadManRole: role, gate})
    expect(await wishOf([...usual, '--dead-man', '15m'], path)).toMatchObject({
      alias: 'live',
      deadMan: {roleArn: role},
      alarms: ['5xx'],
      onInconclusive: 'rollback',
      judge: {alpha: 0.01, worseBy: 0.05},
    })
    const flags = ['--alias', 'beta', '--alarm', 'mine', '--on-inconclusive', 'hold']
    expect(await wishOf([...usual, ...flags], path)).toMatchObject({
      alias: 'beta',
      alarms: ['mine'],
      onInconclusive: 'hold',
    })
  })

  test.each([
    [{alias: '42'}, 'defaults.alias must be an alias’s name'],
    [{alias: 1}, 'defaults.alias must be an alias’s name'],
    [{deadManRole: 'rollback'}, 'defaults.deadManRole must be the ARN of a role'],
    [{gate: []}, 'defaults.gate must be an object'],
    [{gate: {alarms: 'x'}}, 'defaults.gate.alarms must be a list'],
    [{gate: {onInconclusive: 'wait'}}, 'defaults.gate.onInconclusive must be hold, rollback, promote'],
    [{gate: {alpha: 1}}, 'defaults.gate.alpha must be a share'],
    [{gate: {alfa: 0.1}}, 'defaults.gate.alfa must be one of'],
  ])('%j is refused', async (defaults, message) => {
    await expect(wishOf(usual, config(defaults))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    })
  })
})

describe('a run that is gone on with', () => {
  const resumed = async (...argv: readonly string[]) => {
    const {flags, words} = await parsed(argv)
    return resumedFrom(flags, words)
  }
  const run = '20261120-140711-k3f9x2ab'

  test('is named, or is the only one there is', async () => {
    expect(await resumed('--resume')).toBe(true)
    expect(await resumed('--resume', run)).toBe(run)
    expect(await resumed(`--resume=${run}`, '--yes')).toBe(run)
    expect(await resumed('--resume', '--yes', run)).toBe(run)
    expect(await resumed('--resume', '--take-over', '--force')).toBe(true)
  })

  test.each([
    [['checkout-api', '--resume'], "'checkout-api' is no run"],
    [['--resume', run, 'checkout-api'], '--resume goes on with one run'],
    [['--resume', run, '--to', '43'], '--to is known to the run'],
    [['--resume', '--canary', '10%/5m'], '--canary is known to the run'],
  ])('%j is refused', async (argv, message) => {
    await expect(resumed(...argv)).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining(message)})
  })
})
