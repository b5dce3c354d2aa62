import {createHash} from 'node:crypto'
import {describe, expect, test} from 'vitest'
import {coldStartsHtml} from '../../src/ui/coldstarts-html.ts'
import {coldStartsSvg} from '../../src/ui/coldstarts-svg.ts'
import {
  cjkColdStarts,
  coldReport,
  comparedColdStarts,
  hostileColdStarts,
  hourlyColdStarts,
  larderColdStarts,
  someInits,
  wideColdStarts,
} from './coldstarts-reports.ts'
import {elementsOf, wordless, wordsOf} from './markup.ts'

const allUnknown = coldReport(
  Array.from({length: 60}, (_, i) => ({
    name: `fn-${i}`,
    unknown: {unknown: 'denied', detail: 'logs:FilterLogEvents'} as const,
  })),
)
const noneFelt = coldReport([{name: 'gift-cards'}, {name: 'pricing', inits: someInits(3, 90, 'proactive')}])
const reports = {
  larder: larderColdStarts,
  'of 200 functions with long names': wideColdStarts(200),
  hostile: hostileColdStarts,
  cjk: cjkColdStarts,
  'of one cold start': coldReport([{name: 'checkout-api', inits: someInits(1, 400)}]),
  'without a cold start': noneFelt,
  'of nothing': coldReport([]),
  'of which nobody knows anything': allUnknown,
  compared: comparedColdStarts,
  hourly: hourlyColdStarts,
}
const drawn = {svg: coldStartsSvg, html: coldStartsHtml}

describe.each(Object.entries(drawn))('%s', (_, draw) => {
  test.each(Object.entries(reports))('%s is well-formed, and each number one', (_, report) => {
    const markup = draw(report, null)
    elementsOf(markup)
    expect(wordless(markup)).not.toMatch(/NaN|Infinity|undefined|\[object/)
    expect(markup).not.toMatch(/(?:width|height)="-/)
  })

  test('is the same for the same report', () => {
    expect(draw(wideColdStarts(40), null)).toBe(draw(wideColdStarts(40), null))
  })

  test('fetches nothing, and adapts to dark readers', () => {
    const markup = draw(larderColdStarts, null)
    expect(markup.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|url\(|href|src=/)
    expect(markup).toContain('prefers-color-scheme:dark')
  })

  test('case 33: names, reasons, advice and notes are text, and what moves text is made visible', () => {
    const markup = draw(hostileColdStarts, null)
    expect(elementsOf(markup).filter(name => name === 'script' || name === 'img').length).toBe(
      draw === coldStartsHtml ? 1 : 0,
    )
    expect(markup).not.toMatch(/[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]--[\n]]/v)
    expect(markup).toContain('&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(markup).toContain('a&lt;U+202E&gt;gpj.exe')
    expect(markup).toContain('esc^[[31m^Gred')
  })

  test('tells what is not known with its reason, and draws no zero in its place', () => {
    const some = wordsOf(draw(larderColdStarts, null))
    expect(some).toContain('6 of 8 functions known')
    expect(some).toContain('SystemLogLevel=WARN keeps reports out of its log')
    expect(some).toContain('vault')
    const none = wordsOf(draw(allUnknown, null))
    expect(none).toContain('AWS refused: logs:FilterLogEvents')
    expect(none).toContain('\n?\n')
    expect(none).not.toMatch(/\n\$?0[.0]*(?: %)?\n/)
    expect(none).not.toContain('no cold start')
    const gap = {what: 'functions', account: null, region: 'eu-west-1', reason: 'denied'} as const
    const unlisted = coldReport([], {coverage: {...allUnknown.coverage, gaps: [gap]}})
    expect(wordsOf(draw(unlisted, null))).toContain('\n?\n')
  })

  test('tells what was not read besides functions, and those once', () => {
    const gap = {account: '123456789012', region: 'eu-west-1', reason: 'denied'} as const
    const gaps = [
      {...gap, what: 'vault'},
      {...gap, what: 'functions', region: 'us-east-1', detail: 'lambda:ListFunctions'},
    ]
    const words = wordsOf(draw({...larderColdStarts, coverage: {...larderColdStarts.coverage, gaps}}, null))
    expect(words).toMatch(/functions[\s(]+123456789012 · us-east-1 · denied: lambda:ListFunctions/)
    expect(words.match(/vault/g)).toHaveLength(1)
  })

  test('says that no cold start was felt only of what is known', () => {
    expect(wordsOf(draw(noneFelt, null))).toMatch(/no cold start was felt(?! in)/i)
    const partly = coldReport([{name: 'a'}, {name: 'b', unknown: {unknown: 'throttled', detail: ''}}])
    expect(wordsOf(draw(partly, null))).toMatch(/no cold start was felt in what is known/i)
  })

  test('draws the first so many, and says how many more there are', () => {
    const words = wordsOf(draw(wideColdStarts(200), 12))
    expect(words.match(/0011/g)).toHaveLength(draw === coldStartsHtml ? 1 : 2)
    expect(words).not.toContain('there-0012')
    expect(words).toContain('and 188 more functions with cold starts: --limit 200 has all')
    expect(wordsOf(draw(hourlyColdStarts, 2))).toContain('and 1 more hour: --limit 3 has all')
  })

  test('counts apart what nobody waited for and what went wrong', () => {
    const words = wordsOf(draw(larderColdStarts, null))
    expect(words).toContain('12 proactive, 173 provisioned')
    expect(words).toContain('2 failed, 3 over 10 s')
  })
})

describe('svg', () => {
  test('has a strip of quantiles for each function, its baseline, its trend and what caused them', () => {
    const svg = coldStartsSvg(larderColdStarts, null)
    const rows = svg.slice(svg.indexOf('>checkout-api<'), svg.indexOf('p50 to p90'))
    expect(rows).toContain('init of 190: p50 400 ms, p90 679 ms, p99 746 ms, at most 746 ms')
    expect(rows).toContain('restore of 60: p50 454 ms')
    expect(rows.match(/class="hello"/g)).toHaveLength(4)
    expect(rows.match(/class="trend"/g)).toHaveLength(4)
    expect(rows).toContain('deploy: 90 of 190')
    expect(rows).toContain('after idle: 60 of 85')
  })

  test('draws no trend over the window of what is of another time: an hour, or the time that a version served', () => {
    for (const report of [hourlyColdStarts, comparedColdStarts])
      expect(coldStartsSvg(report, null).match(/class="trend"/g)).toHaveLength(1)
  })

  test('explains only signs that it draws', () => {
    expect(coldStartsSvg(larderColdStarts, null)).toContain('SnapStart’s restore')
    const svg = coldStartsSvg(cjkColdStarts, null)
    expect(svg).not.toContain('SnapStart’s restore')
    expect(svg).toContain('scale-out')
  })

  test('keeps a name of 64 letters whole, on two lines', () => {
    const svg = coldStartsSvg(wideColdStarts(1), null)
    const [, first, second] = /class="name"[^>]*>(Wide[^<]*)<\/text><text class="name"[^>]*>([^<]*)</.exec(svg) ?? []
    expect(`${first}${second}`).toHaveLength(64)
  })

  test('lets no two texts of a row begin on each other', () => {
    const svg = coldStartsSvg(wideColdStarts(30), null)
    const places = [...svg.matchAll(/<text[^>]* x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => `${x} ${y}`)
    expect(new Set(places).size).toBe(places.length)
  })
})

describe('html', () => {
  const html = coldStartsHtml(larderColdStarts, null)

  test('lets run and apply only what it holds itself', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? []
    expect(policy).toMatch(/^default-src 'none'; /)
    expect(policy).not.toContain('unsafe')
    for (const tag of ['style', 'script']) {
      const [, held = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html) ?? []
      expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(held).digest('base64')}'`)
    }
    expect(html).not.toMatch(/ (?:style|on\w+)="/)
  })

  test('sorts by what a number is, and not by how it reads', () => {
    expect(html).toContain('<td data-v="190"><b>190</b></td>')
    expect(html).toMatch(/<td data-v="0\.0085">|<td data-v="0\.085">/)
  })

  test('gives advice with its formula and its price', () => {
    expect(html).toContain('one version: 2 GB × 2592000 s × 0.0000015046')
    expect(html).toContain('$7.80 a month more')
  })

  test('says what the words mean', () => {
    const words = wordsOf(html)
    for (const term of [
      'on-demand',
      'restore',
      'proactive',
      'provisioned',
      'suppressed (over 10 s)',
      'failed',
      'hello',
    ])
      expect(words).toContain(`\n${term}\n`)
  })
})
