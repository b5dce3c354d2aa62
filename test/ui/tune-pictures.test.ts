import {createHash} from 'node:crypto'
import {describe, expect, it, test} from 'vitest'
import {curveMs} from '../../src/services/tuning/race/curve.ts'
import type {Ending} from '../../src/services/tuning/tune-report.ts'
import {labelsThatFit, memoryAxis, valueAxis} from '../../src/ui/tune-axis.ts'
import {tuneHtml} from '../../src/ui/tune-html.ts'
import {tuneSvg} from '../../src/ui/tune-svg.ts'
import {endingWords} from '../../src/ui/tune-words.ts'
import {pixels} from './letter-widths.ts'
import {elementsOf, wordsOf} from './markup.ts'
import {
  budgetReport,
  doubtfulReport,
  failingReport,
  hostileReport,
  interruptedReport,
  observedReport,
  severalReports,
  startedAt,
  tieReport,
  tuneReport,
  twoArchitectures,
} from './tune-report.ts'

const url = 'https://lambda-power-tuning.show/#AAIABA==;AAA=;AAA='
const reports = {
  winner: [tuneReport()],
  tie: [tieReport],
  'budget reached': [budgetReport],
  failing: [failingReport],
  interrupted: [interruptedReport],
  observed: [observedReport],
  'two architectures': [twoArchitectures],
  doubtful: [doubtfulReport],
  hostile: [hostileReport],
  'several functions': severalReports,
  nothing: [],
}

describe.each(Object.entries(reports))('%s', (_, all) => {
  const svg = tuneSvg(all, curveMs)
  const html = tuneHtml(all, curveMs, () => url)

  it('is well-formed as a picture and as a page', () => {
    expect(elementsOf(svg)[0]).toBe('svg')
    expect(elementsOf(html)).toContain('main')
  })

  it('loads nothing and runs nothing', () => {
    for (const markup of [svg, html]) {
      expect(markup).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|\ssrc=|url\(|@import/)
      expect(markup).not.toMatch(/NaN|Infinity|undefined|X-Amz-Signature/)
      expect(markup).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
    }
    expect([...html.matchAll(/href="([^"]*)"/g)].every(([, to]) => to === url || /^#f\d+$/.test(to ?? ''))).toBe(true)
  })

  it('allows its own style by what that holds', () => {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? []
    expect(html).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    expect(style).toContain('prefers-color-scheme:dark')
    expect(svg).toContain('prefers-color-scheme:dark')
  })
})

describe('the picture of a sweep', () => {
  it('has every sample as a dot, the curve, the intervals, and the size to use in a ring', () => {
    const {samples} = tuneReport()
    const svg = tuneSvg([tuneReport()], curveMs)
    const drawnBy = (tone: string): number =>
      [...svg.matchAll(new RegExp(`class="${tone} x86_64" d="([^"]*)"><title>`, 'g'))].reduce(
        (sum, [, d = '']) => sum + d.split('M').length - 1,
        0,
      )
    expect(drawnBy('warm')).toBe(samples.filter(({isCold}) => !isCold).length)
    expect(drawnBy('cold')).toBe(samples.filter(({isCold}) => isCold).length)
    expect(svg).toContain('<title>fitted curve: cpu-bound</title>')
    expect(svg.match(/r="8"/g)).toHaveLength(2)
    expect(wordsOf(svg)).toContain('1,769 MB: 521 ms (501 ms – 541 ms)')
    expect(tuneSvg([tuneReport()], null)).not.toContain('<title>fitted curve')
  })

  it('stays small however many samples there are', () => {
    const report = tuneReport()
    const [, sample] = report.samples
    if (!sample) throw new Error('there is no sample')
    const samples = Array.from({length: 40_000}, (_, i) => ({...sample, index: i, at: startedAt + i}))
    const many = {...report, samples}
    expect(tuneSvg([many], curveMs).length).toBeLessThan(200_000)
  })

  it('says what is left in AWS, and what is doubtful', () => {
    expect(wordsOf(tuneSvg([interruptedReport], null))).toContain('left in AWS: slsops-tune-checkout-api-k3f9x2ab')
    expect(wordsOf(tuneSvg([doubtfulReport], null))).toContain('272 MB: faster than a larger size')
    expect(wordsOf(tuneHtml([doubtfulReport], null, () => null))).toContain('p95 &lt; 600 ms: certified at 1,769 MB')
  })

  it('has tiles whose words end within them, whatever it ended with', () => {
    const endings = Object.keys(endingWords) as readonly Ending[]
    const all = endings.flatMap(ending => [tuneReport({ending}), tuneReport({ending, recommendation: null})])
    const tiles = [...all, observedReport, twoArchitectures, budgetReport].flatMap(report => [
      ...tuneSvg([report], null).matchAll(/<rect class="tile"[^>]* width="([\d.]+)"[^>]*>(.*)/g),
    ])
    expect(tiles.length).toBeGreaterThan(3 * endings.length)
    for (const [, wide, words = ''] of tiles)
      for (const [, tone = '', text = ''] of words.matchAll(/<text class="([^"]*)"[^>]*>([^<]*)/g)) {
        expect(pixels(text, tone.includes('value') ? 19 : 11), text).toBeLessThanOrEqual(Number(wide) - 24)
        expect(text).not.toContain('…')
      }
  })

  it('has no plots where nothing was measured', () => {
    expect(tuneSvg([failingReport], curveMs)).not.toContain('billed duration</text>')
    expect(tuneHtml([failingReport], curveMs, () => null)).not.toContain('class="plots"')
  })
})

describe('an axis', () => {
  test('of memory is by its logarithm', () => {
    const axis = memoryAxis([128, 512, 2_048])
    expect([128, 512, 2_048].map(axis.at)).toEqual([0, 0.5, 1])
    expect(memoryAxis([512]).at(512)).toBe(0.5)
  })

  test('of values begins at nothing where they lie close, and is logarithmic where they do not', () => {
    expect(valueAxis([15, 26])).toMatchObject({least: 0, most: 30, isLog: false, ticks: [0, 10, 20, 30]})
    expect(valueAxis([113, 3_900])).toMatchObject({
      least: 100,
      most: 5_000,
      isLog: true,
      ticks: [100, 200, 500, 1_000, 2_000, 5_000],
    })
    expect(valueAxis([])).toMatchObject({least: 0, most: 1})
    expect(valueAxis([0.3]).ticks).toEqual([0, 0.1, 0.2, 0.3])
  })

  test('leaves out labels that would touch a weightier one', () => {
    const wanted = [
      {text: '1,536', middle: 50, weight: 0},
      {text: '1,769', middle: 54, weight: 3},
      {text: '3,008', middle: 79, weight: 1},
    ]
    const fitting = labelsThatFit(wanted, {least: 0, most: 80, widthOf: text => text.length})
    expect(fitting.map(({text, middle}) => [text, middle])).toEqual([
      ['1,769', 54],
      ['3,008', 77.5],
    ])
  })
})
