import {describe, expect, it, test} from 'vitest'
import {curveMs} from '../../src/services/tuning/race/curve.ts'
import {notBegun} from '../../src/services/tuning/report/not-begun.ts'
import {tuneJson} from '../../src/ui/tune-json.ts'
import {tunePatches} from '../../src/ui/tune-patches.ts'
import {type TuneFormat, tuneScreen} from '../../src/ui/tune-screen.ts'
import {terminal} from './events.ts'
import {
  budgetReport,
  doubtfulReport,
  hostileReport,
  interruptedReport,
  severalReports,
  tunePlan,
  tuneReport,
  winner,
} from './tune-report.ts'

const scope = {account: null, region: 'eu-west-1', profile: 'prod', endpoint: 'aws'} as const
const options = {
  scope,
  visualizationUrl: () => 'https://lambda-power-tuning.show/#x',
  leftOut: [],
  applied: [],
  isApplied: false,
}
const screen = tuneScreen({...options, curveMs, json: true, caller: null, applyCommand: () => null})
const kept = (reports: Parameters<typeof screen.kept>[0], format: TuneFormat): string =>
  [...screen.kept(reports, [], format)].join('')

describe('a plan as JSON', () => {
  const window = {start: Date.UTC(2026, 10, 6), end: Date.UTC(2026, 10, 20)}
  const planned = (...plans: Parameters<typeof screen.planned>[0]) =>
    JSON.parse(screen.planned(plans, window, terminal(40)))

  it('says what would be made and invoked, and what that may take at most', () => {
    const document = planned(tunePlan())
    expect(document).toMatchObject({
      schema: 'slsops/tune-plan@1',
      window: {start: '2026-11-06T00:00:00.000Z', end: '2026-11-20T00:00:00.000Z'},
      scope: [{region: 'eu-west-1'}],
      complete: true,
      gaps: [],
      function: 'checkout-api',
      qualifier: 'live',
      version: '42',
      mode: 'shadow',
      goal: 'cheapest',
      current: {memorySizeMB: 512, architecture: 'x86_64'},
      clones: ['slsops-tune-checkout-api-k3f9x2ab'],
      payloads: [{bytes: 16, weight: 1}],
      payloadAssumed: false,
      concurrency: 1,
      limits: {maxCostUSD: 0.05, maxInvocations: 240, maxTimeMs: 900_000},
    })
    expect(document.sizes).toHaveLength(4)
    expect(JSON.stringify(document)).not.toMatch(/X-Amz-Signature|7f3c/)
  })

  it('has several functions beside each other, and what is left out as a gap', () => {
    const gap = {
      what: 'image-resize',
      account: null,
      region: 'eu-west-1',
      reason: 'failed',
      detail: 'it streams',
    } as const
    const leaving = tuneScreen({
      ...options,
      curveMs,
      json: true,
      caller: null,
      applyCommand: () => null,
      isApplied: false,
      leftOut: [gap],
    })
    expect(planned(tunePlan(), tunePlan('b')).functions).toHaveLength(2)
    expect(JSON.parse(leaving.planned([tunePlan()], window, terminal(40)))).toMatchObject({
      complete: false,
      gaps: [gap],
    })
    expect(JSON.parse(leaving.answer([tuneReport()], [], terminal(40)))).toMatchObject({
      complete: false,
      gaps: [gap],
    })
  })
})

describe('a sweep as JSON', () => {
  it('says what --apply has set, and of what it has not', () => {
    const applied = [{runId: tuneReport().plan.runId, functionName: 'checkout-api', beforeMB: 512, memorySizeMB: 1_769}]
    expect(JSON.parse(tuneJson([tuneReport()], {...options, applied})).applied).toEqual({
      beforeMB: 512,
      memorySizeMB: 1_769,
    })
    expect(JSON.parse(tuneJson([tuneReport()], options)).applied).toBeNull()
  })

  it('has the documented names, and what it covers', () => {
    const document = JSON.parse(tuneJson([tuneReport()], options))
    expect(Object.keys(document)).toMatchInlineSnapshot(`
      [
        "schema",
        "window",
        "scope",
        "complete",
        "gaps",
        "account",
        "region",
        "function",
        "functionArn",
        "qualifier",
        "version",
        "runId",
        "mode",
        "goal",
        "slo",
        "costTolerance",
        "indifference",
        "startedAt",
        "endedAt",
        "ending",
        "settled",
        "sizes",
        "recommendation",
        "sloMissed",
        "current",
        "curves",
        "coldRatio",
        "price",
        "limits",
        "spent",
        "cleanedUp",
        "left",
        "removed",
        "applied",
        "visualizationUrl",
        "notes",
      ]
    `)
    expect(Object.keys(document.sizes[0])).toMatchInlineSnapshot(`
      [
        "memorySizeMB",
        "architecture",
        "status",
        "invocations",
        "coldStarts",
        "meanBilledMs",
        "ci95BilledMs",
        "p50Ms",
        "p95Ms",
        "p99Ms",
        "costPerMillionUSD",
        "why",
        "failures",
        "meanDurationMs",
        "coldBilledMs",
        "ci95CostPerMillionUSD",
        "maxMemoryUsedMB",
        "flags",
        "slo",
      ]
    `)
    expect(document).toMatchObject({
      schema: 'slsops/tune@1',
      window: {start: '2026-11-20T14:07:11.000Z', end: '2026-11-20T14:08:23.400Z'},
      scope: [{account: '123456789012', region: 'eu-west-1', profile: 'prod', endpoint: 'aws'}],
      complete: true,
      gaps: [],
      mode: 'shadow',
      goal: 'cheapest',
      recommendation: {memorySizeMB: 1_769, architecture: 'x86_64', confidence: 0.97},
      current: {memorySizeMB: 512, architecture: 'x86_64', status: 'dropped', invocations: 9},
      spent: {invocations: 46, costUSD: 0.0021},
      runId: '20261120-140711-k3f9x2ab',
      cleanedUp: true,
    })
    expect(JSON.stringify(document)).not.toContain('X-Amz-Signature')
  })

  it('is incomplete where it was not settled, or something is left', () => {
    expect(JSON.parse(tuneJson([budgetReport], options))).toMatchObject({
      complete: false,
      gaps: [
        {
          what: 'checkout-api',
          account: '123456789012',
          region: 'eu-west-1',
          reason: 'sampled',
          detail: expect.stringContaining('--max-cost'),
        },
      ],
    })
    expect(JSON.parse(tuneJson([interruptedReport], options))).toMatchObject({
      cleanedUp: false,
      gaps: [{reason: 'interrupted'}, {detail: expect.stringMatching(/^left in AWS: slsops-tune-/)}],
    })
  })

  it('of several functions is one document', () => {
    const {functions, ...document} = JSON.parse(tuneJson(severalReports, options))
    expect(document).not.toHaveProperty('sizes')
    expect(functions.map((one: {function: string}) => one.function)).toEqual(['checkout-api', 'image-resize'])
  })

  it('has functions that were not begun, each as a gap', () => {
    const rest = notBegun(tunePlan('image-resize'), 0)
    const document = JSON.parse(tuneJson([tuneReport(), rest], options))
    expect(document.functions[1]).toMatchObject({function: 'image-resize', ending: 'interrupted', settled: false})
    expect(document).toMatchObject({
      complete: false,
      gaps: [{function: 'image-resize', reason: 'interrupted', detail: 'it was not begun'}],
    })
  })

  it('has all samples in a file only', () => {
    expect(JSON.parse(tuneJson([tuneReport()], options))).not.toHaveProperty('samples')
    expect(JSON.parse(kept([tuneReport()], 'json')).samples).toHaveLength(46)
    const lines = kept([tuneReport()], 'ndjson').trimEnd().split('\n')
    expect(lines).toHaveLength(46)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      schema: 'slsops/tune-sample@1',
      function: 'checkout-api',
      index: 1,
      isCold: true,
    })
  })
})

test('a sample is a row of CSV, and none a formula', () => {
  const rows = kept([tuneReport()], 'csv').trimEnd().split('\r\n')
  expect(rows).toHaveLength(47)
  expect(rows.slice(0, 2)).toMatchInlineSnapshot(`
    [
      "runId,function,account,region,functionArn,index,at,memorySizeMB,architecture,requestId,payload,outcome,errorType,durationMs,billedMs,initMs,restoreMs,maxMemoryUsedMB,isCold,measuredBy",
      "20261120-140711-k3f9x2ab,checkout-api,123456789012,eu-west-1,arn:aws:lambda:eu-west-1:123456789012:function:checkout-api,1,2026-11-20T14:07:11.000Z,512,x86_64,00000512-58d2-4b0e-9a41-000000000000,0,ok,,2644.14,3025,380,,143,true,tail",
    ]
  `)
  expect(kept([hostileReport], 'csv')).toContain("'=cmd|")
  expect(kept([hostileReport], 'csv')).not.toMatch(/[,\n]"?=cmd/)
})

test('Markdown has the verdict, the table, and the patches', () => {
  expect(kept([doubtfulReport], 'md')).toMatchInlineSnapshot(`
    "# Memory of checkout-api:live

    **1,769 MB: as cheap as any \\(within 3 %\\) and 42 % faster than 1,024 MB** Against today's 512 MB: −6 % cost \\[−9, −3\\], −73 % time \\[−75, −70\\], −72 % p95. 97 % sure.

    | memory | calls | p50 | p95 | p99 | $/1 M calls | status |
    | --: | --: | --: | --: | --: | --: | --- |
    | 128 MB | 2 |  |  |  |  | infeasible: out of memory \\(2 of 2\\) |
    | 256 MB | 6 | 3.86 s | ~4.34 s | ~4.46 s | $16.5 ±1.1 | dropped: misses p95 &lt; 600 ms |
    | 272 MB | 7 | 112 ms | ~126 ms | ~129 ms | $0.700 ±0.042 | dropped: doubtful: 12 × faster than its neighbours |
    | 512 MB (today) | 9 | 1.89 s | ~2.12 s | ~2.19 s | $16.1 ±0.9 | dropped: misses p95 &lt; 600 ms |
    | 1,024 MB | 14 | 893 ms | ~1.00 s | ~1.03 s | $15.2 ±0.7 | dropped: misses p95 &lt; 600 ms |
    | **1,769 MB** | 59 | 516 ms | 579 ms | ~596 ms | $15.2 ±0.3 | winner |
    | 3,008 MB | 6 | 513 ms | ~576 ms | ~593 ms | $25.6 ±1.7 | dropped: 68 % dearer |

    - 256 MB: nearly all of its memory was used
    - 272 MB: faster than a larger size, or slower than a smaller one, by more than memory explains: measure it again; its durations seem to fall into two clusters
    - 1,024 MB: more of its invocations than usual took far longer than the rest; it got slower or faster while it was measured
    - p95 &lt; 600 ms: certified at 1,769 MB; met, by too few calls to be certified, at 3,008 MB; missed at 256 MB, 512 MB, 1,024 MB
    - \\~p95 of fewer than 20 warm calls and \\~p99 of fewer than 100 warm calls is the slowest of them
    - the account allows at most 3,008 MB: larger sizes were left out
    - everything created was removed, read back from AWS
    - shadow clone, for the fastest that costs at most 5 % more than the cheapest with p95 &lt; 600 ms, to 3 %: settled
    - 103 calls, $0.0021 of $0.050, 1 min 12 s from 2026-11-20T14:07:11.000Z, in 123456789012 eu-west-1, run 20261120-140711-k3f9x2ab
    - list prices as bundled, of 2026-08-01; 0.23 % of calls cold \\(by its metrics\\)
    - its code reads AWS\\_LAMBDA\\_FUNCTION\\_NAME, which is another in the clone
    - picture: \`https://lambda-power-tuning.show/#x\`

    SAM, CloudFormation:

    \`\`\`diff
     Resources:
       checkout-api:
         Properties:
    -      MemorySize: 512
    +      MemorySize: 1769
    \`\`\`

    CDK:

    \`\`\`diff
     new lambda.Function(this, 'checkout-api', {
    -  memorySize: 512,
    +  memorySize: 1769,
     })
    \`\`\`

    Serverless Framework:

    \`\`\`diff
     functions:
       checkout-api:
    -    memorySize: 512
    +    memorySize: 1769
    \`\`\`

    Terraform:

    \`\`\`diff
     resource "aws_lambda_function" "checkout_api" {
    -  memory_size = 512
    +  memory_size = 1769
     }
    \`\`\`
    "
  `)
  expect(kept([hostileReport], 'md')).not.toMatch(/[\u001b\u0007\u202e]|<script/)
})

test('Markdown of several functions begins with a summary', () => {
  expect(kept(severalReports, 'md').split('\n# ')[0]).toMatchInlineSnapshot(`
    "| function | memory | against today |  |
    | --- | --- | --- | --- |
    | checkout-api:live | 512 → 1,769 MB | −6 % cost, −73 % time | 97 % sure |
    | image-resize | 1,024 → 1,769 MB |  | 97 % sure |

    2 functions, 92 calls, $0.0042
    "
  `)
})

describe('the change as a patch', () => {
  const patches = (tags: Readonly<Record<string, string>>, more: object = {}) =>
    tunePatches(tunePlan('checkout-api', {source: {tags, ...more}}), winner)
  const managedBy = (tags: Readonly<Record<string, string>>): string | undefined =>
    patches(tags).find(({isManager}) => isManager)?.tool

  it('is for each tool, with the architecture where that changes', () => {
    const drawn = patches({}, {architecture: 'arm64'}).map(({title, lines}) => [`# ${title}`, ...lines].join('\n'))
    expect(drawn.join('\n')).toMatchInlineSnapshot(`
      "# SAM, CloudFormation
       Resources:
         checkout-api:
           Properties:
      -      MemorySize: 512
      +      MemorySize: 1769
      -      Architectures: [arm64]
      +      Architectures: [x86_64]
      # CDK
       new lambda.Function(this, 'checkout-api', {
      -  memorySize: 512,
      +  memorySize: 1769,
      -  architecture: lambda.Architecture.ARM_64,
      +  architecture: lambda.Architecture.X86_64,
       })
      # Serverless Framework
       functions:
         checkout-api:
      -    memorySize: 512
      +    memorySize: 1769
      -    architecture: arm64
      +    architecture: x86_64
      # Terraform
       resource "aws_lambda_function" "checkout_api" {
      -  memory_size = 512
      +  memory_size = 1769
      -  architectures = ["arm64"]
      +  architectures = ["x86_64"]
       }"
    `)
  })

  it('has the one first that the tags name', () => {
    const stack = {'aws:cloudformation:stack-name': 'shop-prod'}
    expect(managedBy({})).toBe(undefined)
    expect(managedBy({...stack, 'aws:cloudformation:logical-id': 'CheckoutApi'})).toBe('cloudformation')
    expect(managedBy({...stack, 'aws:cloudformation:logical-id': 'CheckoutApiFn9C1B3C4D'})).toBe('cdk')
    expect(managedBy({...stack, 'aws:cloudformation:logical-id': 'CheckoutDashapiLambdaFunction'})).toBe('serverless')
    expect(managedBy({ManagedBy: 'Terraform'})).toBe('terraform')
    const [first] = patches({...stack, 'aws:cloudformation:logical-id': 'CheckoutDashapiLambdaFunction'})
    expect(first?.lines[1]).toBe('   checkout-api:')
  })

  it('takes no name that would be more than one where it is pasted', () => {
    const {plan} = hostileReport
    expect(
      tunePatches(plan, winner)
        .flatMap(({lines}) => lines)
        .join('\n'),
    ).not.toMatch(/script|onload/)
  })

  it('is none where nothing changes', () => {
    expect(patches({}, {memorySizeMB: 1_769})).toEqual([])
  })
})
