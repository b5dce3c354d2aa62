import {describe, expect, it} from 'vitest'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {width} from '../../src/ui/columns.ts'
import {releasesCsv, releasesMarkdown} from '../../src/ui/releases-file.ts'
import {releasesJson, releasesNdjson} from '../../src/ui/releases-json.ts'
import {releasesText} from '../../src/ui/releases-text.ts'
import type {Terminal} from '../../src/ui/terminal.ts'
import {moving, now, release, report, steady, version} from './releases.ts'
import {textOf} from './text-of.ts'

const terminal = (columns: number, more: Partial<Terminal> = {}): Terminal => ({
  columns,
  color: false,
  unicode: true,
  isTTY: true,
  ...more,
})
const drawn = (of = report(), on = terminal(80), limit = 30): string =>
  textOf(releasesText(of, {terminal: on, scopes: of.coverage.scopes, clock: zoneClock('UTC'), now, limit}))

const hostile = 'pay\u001b[31m\u202e\n'

describe('releases on a terminal', () => {
  it('has the versions of an alias side by side, and what else is to be known below', () => {
    expect(drawn()).toMatchInlineSnapshot(`
      "alias                version  share   calls  errors     p95     cost
      billing-worker:live        7   75 %  18,020   0.4 %  210 ms   $0.015
                                 8   25 %
        shift 7 → 8 under way: step 2 of 6 by oncall, until 14:39:12 at most (run
        20261120-140711-a1b2c3d4) · CodeDeploy d-A1B2C3 moves it now: to 8, 10 %
        provisioned concurrency 2 of 10, IN_PROGRESS
        also managed by CloudFormation larder-orders · 9 waits
      checkout-api:live         42  100 %   8,581   4.8 %  2.10 s  $0.0003
                                41         18,020   0.4 %  210 ms   $0.015
        shifted 41 → 42 by ci 13:58:12, “pay-v42” (run 20261120-135800-k3f9x2ab)
        “what customers call”
      search:live                9  100 %  18,020   0.4 %  210 ms   $0.015
      3 aliases · 1 in motion · 1 in trouble · 29 functions without an alias
        list prices of 2026-08-01
      next: slsops rollback checkout-api:live --region eu-west-1
      "
    `)
  })

  it('drops columns where there is no room, and never the version', () => {
    const text = drawn(report(), terminal(40))
    expect(text).toMatchInlineSnapshot(`
      "alias             version  share  errors
      billing-…er:live        7   75 %   0.4 %
                              8   25 %
        shift 7 → 8 under way: step 2 of 6 by
        oncall, until 14:39:12 at most (run
        20261120-140711-a1b2c3d4)
        CodeDeploy d-A1B2C3 moves it now: to
        8, 10 % · provisioned concurrency 2 of
        10, IN_PROGRESS
        also managed by CloudFormation
        larder-orders · 9 waits
      checkout…pi:live       42  100 %   4.8 %
                             41          0.4 %
        shifted 41 → 42 by ci 13:58:12,
        “pay-v42” (run
        20261120-135800-k3f9x2ab)
        “what customers call”
      search:live             9  100 %   0.4 %
      3 aliases · 1 in motion · 1 in trouble
        29 functions without an alias
        list prices of 2026-08-01
      next:
      slsops rollback checkout-api:live --region eu-west-1
      "
    `)
    for (const line of text.split('\n')) if (!line.startsWith('slsops')) expect(width(line)).toBeLessThanOrEqual(40)
  })

  it('has room for all at 200 columns', () => {
    expect(drawn(report(), terminal(200))).toMatchInlineSnapshot(`
      "alias                version  share   calls  errors     p95     cost
      billing-worker:live        7   75 %  18,020   0.4 %  210 ms   $0.015
                                 8   25 %
        shift 7 → 8 under way: step 2 of 6 by oncall, until 14:39:12 at most (run 20261120-140711-a1b2c3d4) · CodeDeploy d-A1B2C3 moves it now: to 8, 10 % · provisioned concurrency 2 of 10, IN_PROGRESS
        also managed by CloudFormation larder-orders · 9 waits
      checkout-api:live         42  100 %   8,581   4.8 %  2.10 s  $0.0003
                                41         18,020   0.4 %  210 ms   $0.015
        shifted 41 → 42 by ci 13:58:12, “pay-v42” (run 20261120-135800-k3f9x2ab) · “what customers call”
      search:live                9  100 %  18,020   0.4 %  210 ms   $0.015
      3 aliases · 1 in motion · 1 in trouble · 29 functions without an alias · list prices of 2026-08-01
      next: slsops rollback checkout-api:live --region eu-west-1
      "
    `)
  })

  it('says of a shift that went back that it did, and why, and of one that is half-way how far it came', () => {
    const {mover} = release()
    if (mover === null) throw new Error('nobody moved it')
    const back = {...mover, operation: 'rollback', from: '43', to: '42', why: '43 fails more often'} as const
    const half = {version: '41', additional: {version: '42', weight: 0.1}, description: '', revisionId: 'r3'}
    const text = drawn(
      report([release('a', {mover: back}), release('b', {state: half, mover: {...mover, note: null}})]),
      terminal(200),
    )
    expect(text).toContain('a shift went back 43 → 42 by ci 13:58:12, “pay-v42”: 43 fails more often (run ')
    expect(text).toContain('shifted 41 → 42 as far as 10 % by ci 13:58:12 (run ')
  })

  it('is plain where it is piped to what has no glyphs', () => {
    const text = drawn(report(), terminal(80, {isTTY: false, unicode: false}))
    expect(text).not.toMatch(/[^\n -~]/)
  })

  it('shows the first so many, and says how many there are', () => {
    expect(drawn(report([release('a'), release('b'), release('c')]), terminal(80), 1)).toContain('1 shown (--limit)')
  })

  it('sums up what served long ago, and says why there are no figures', () => {
    const many = steady('many', {versions: Array.from({length: 9}, (_, at) => version(String(at + 1)))})
    expect(drawn(report([many]))).toContain('4 more versions in the window')
    const denied = steady('denied', {measured: {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'}})
    expect(drawn(report([denied]))).toContain('no figures: needs cloudwatch:GetMetricData')
  })

  it('tells a shift that was left from one that is under way', () => {
    expect(drawn(report([{...moving(), isLeaseOver: true}]))).toContain('was left at step 2 of 6: it is over')
  })

  it('passes nothing on that a terminal obeys', () => {
    const bad = release(hostile, {
      state: {version: '42', additional: null, description: hostile, revisionId: 'r'},
      managers: [{kind: 'terraform', name: hostile, detail: hostile, isActive: true}],
    })
    expect(drawn(report([bad]))).not.toMatch(/[\u001b\u202e]/)
    expect(drawn(report([bad]), terminal(40))).not.toMatch(/[\u001b\u202e]/)
  })

  it('is a line where there is no alias', () => {
    expect(drawn(report([]))).toBe('0 aliases · 29 functions without an alias\n')
  })
})

describe('releases in files and documents', () => {
  it('are one document, with what nobody knows as null', () => {
    const document = JSON.parse(textOf(releasesJson(report(), null)))
    expect(document).toMatchObject({
      schema: 'slsops/releases@1',
      complete: true,
      withoutAlias: 29,
      aliases: [
        {
          function: 'billing-worker',
          standing: 'moving',
          shift: {step: 2, steps: 6, weightPercent: 25, isOver: false},
          versions: [
            {version: '7', weightPercent: 75},
            {version: '8', weightPercent: 25, calls: null, errorRate: null},
          ],
        },
        {function: 'checkout-api', movedBy: {operation: 'shift', note: 'pay-v42'}, since: '2026-11-20T13:58:12.000Z'},
        {function: 'search', shift: null, movedBy: null},
      ],
    })
    expect(JSON.parse(textOf(releasesJson(report(), 1))).aliases).toHaveLength(1)
  })

  it('are a line an alias as .ndjson', () => {
    const lines = textOf(releasesNdjson(report(), null)).trim().split('\n')
    expect(lines.map(line => JSON.parse(line).schema)).toEqual(Array(3).fill('slsops/release@1'))
  })

  it('are a row a version as .csv, that no spreadsheet runs', () => {
    const rows = textOf(releasesCsv(report([release('=cmd()')]), null)).split('\r\n')
    expect(rows).toHaveLength(4)
    expect(rows[1]).toMatch(/^'=cmd\(\),live,123456789012,eu-west-1,troubled,42,100,8581,412,2100,0.0003/)
  })

  it('are a table as .md, in which nothing is markup', () => {
    const text = releasesMarkdown(report([release('a|b<i>')]), null)
    expect(text).toContain('a\\|b&lt;i>:live')
    expect(text).toContain('| 41 |')
  })
})
