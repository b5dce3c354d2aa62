import {PassThrough} from 'node:stream'
import {render} from 'ink-testing-library'
import {describe, expect, it} from 'vitest'
import {width} from '../../src/ui/columns.ts'
import {plainText} from '../../src/ui/spans.ts'
import {startTuneView, TuneView, tuneFrame} from '../../src/ui/tune-view.tsx'
import {tuneProgress} from '../../src/ui/tune-view-state.ts'
import {terminal} from './events.ts'
import {doubtfulReport, hostileReport, startedAt, tunePlan, tuneReport, twoArchitectures} from './tune-report.ts'

/** In the middle of a sweep, 41 s after it began. */
function halfway(report = tuneReport(), functions = 1) {
  let now = startedAt
  const progress = tuneProgress(functions, () => now)
  const {plan, samples, sizes: standings, spent} = report
  const [sample] = samples
  if (!sample) throw new Error('there is no sample')
  progress.take({kind: 'begun', plan})
  progress.take({kind: 'doing', what: 'publishes 1,024 MB (3 of 7)'})
  progress.take({kind: 'sampled', sample, standings, spent})
  now += 41_000
  return progress
}
const frame = (progress = halfway(), columns = 80, more: object = {}): string =>
  tuneFrame(progress.state(), terminal(columns, more)).map(plainText).join('\n')

describe('the live table', () => {
  it('has a row for each size, and what was spent of what may be', () => {
    expect(frame()).toMatchInlineSnapshot(`
      "checkout-api:live · shadow clone · the cheapest, to 3 %
      ▰▰▱▱▱▱▱▱▱▱▱▱ $0.0021 of ≤ $0.050 · 46 of ≤ 240 calls · 41 s of ≤ 15 min
          memory  calls     p50    ~p95  $/1 M calls
          512 MB      9  1.89 s  2.12 s  $16.1 ±0.9   ▆▆▆▆▆     6 % dearer, slower
      = 1,024 MB     14  893 ms  1.00 s  $15.2 ±0.7   ▆▆▆▆▆     tied: as cheap, slower
      ✓ 1,769 MB     17  516 ms  579 ms  $15.2 ±0.6   ▆▆▆▆▆     winner
        3,008 MB      6  513 ms  576 ms  $25.6 ±1.7   ▆▆▆▆▆▆▆▆  68 % dearer
      call 1 · 512 MB · 2.64 s, 3.02 s billed · cold"
    `)
    expect(frame(halfway(), 80, {unicode: false})).toMatchInlineSnapshot(`
      "checkout-api:live - shadow clone - the cheapest, to 3 %
      ##.......... $0.0021 of <= $0.050 - 46 of <= 240 calls - 41 s of <= 15 min
          memory  calls     p50    ~p95  $/1 M calls
          512 MB      9  1.89 s  2.12 s  $16.1 +-0.9  ######    6 % dearer, slower
      = 1,024 MB     14  893 ms  1.00 s  $15.2 +-0.7  #####     tied: as cheap, slower
      * 1,769 MB     17  516 ms  579 ms  $15.2 +-0.6  #####     winner
        3,008 MB      6  513 ms  576 ms  $25.6 +-1.7  ########  68 % dearer
      call 1 - 512 MB - 2.64 s, 3.02 s billed - cold"
    `)
  })

  it('begins with all sizes waiting, and says what it does', () => {
    const progress = tuneProgress(3, () => startedAt)
    expect(frame(progress)).toBe('begins')
    progress.take({kind: 'begun', plan: tunePlan()})
    progress.take({kind: 'doing', what: 'copies the code'})
    expect(frame(progress)).toMatchInlineSnapshot(`
      "checkout-api:live · 1 of 3 · shadow clone · the cheapest, to 3 %
      ▱▱▱▱▱▱▱▱▱▱▱▱ $0.00 of ≤ $0.050 · 0 of ≤ 240 calls · 1 s of ≤ 15 min
          memory
      ·   512 MB  today                  waiting
      · 1,024 MB                         waiting
      · 1,769 MB                         waiting
      · 3,008 MB                         waiting
      copies the code"
    `)
  })

  it('says a note, and what moved, and ends with the report', () => {
    const progress = halfway()
    const {sizes: standings, spent} = doubtfulReport
    const [standing] = standings
    if (!standing) throw new Error('there is none')
    progress.take({kind: 'note', text: 'waits for 3 s: 429'})
    progress.take({kind: 'moved', standing, standings, spent})
    expect(frame(progress)).toContain('out of memory (2 of 2)')
    expect(frame(progress)).toMatch(/\nwaits for 3 s: 429$/)
    progress.take({kind: 'ended', report: tuneReport()})
    expect(progress.state()).toMatchObject({doing: '', spent: {invocations: 46}})
  })

  it.each([40, 60, 80, 200])('fits %i columns', columns => {
    for (const report of [tuneReport(), doubtfulReport, twoArchitectures])
      for (const row of frame(halfway(report), columns).split('\n'))
        expect(width(row), row).toBeLessThanOrEqual(columns)
  })

  it('keeps all three limits where the terminal is narrow', () => {
    const limitsAt = (columns: number, report = tuneReport()): string | undefined =>
      frame(halfway(report), columns).split('\n')[1]
    expect(limitsAt(60)).toBe('▰▰▱▱▱▱▱▱▱▱▱▱ $0.0021/$0.050 · 46/240 · 41s/15min')
    expect(limitsAt(40)).toBe('$0.0021/$0.050 · 46/240 · 41s/15min')
    const limits = {maxCostUSD: 0.515, maxInvocations: 1_240, maxTimeMs: 3_600_000}
    const plan = tunePlan('checkout-api', {limits})
    const much = tuneReport({plan, spent: {invocations: 1_046, costUSD: 0.0123, unknown: 0}})
    expect(limitsAt(40, much)).toBe('$0.012/$0.52 · 1,046/1,240 · 41s/1h')
    expect(limitsAt(34, much)).toBe('$0.012/$0.52 1,046/1,240 41s/1h')
  })

  it('shows those still racing where the terminal is low', () => {
    const low = frame(halfway(doubtfulReport), 80, {rows: 9})
    expect(low.split('\n').length).toBeLessThan(9)
    expect(low).toContain('1,769 MB')
    expect(low).toContain('and 4 more sizes')
  })

  it('has no sizes of a past that is not read yet', () => {
    const progress = tuneProgress(1, () => startedAt)
    progress.take({kind: 'begun', plan: tunePlan('checkout-api', {mode: 'observe'})})
    expect(frame(progress)).toBe('checkout-api:live · by history only · the cheapest, to 3 %\n1 s\nbegins')
  })

  it('fills its bar by the limit that is nearest', () => {
    expect(frame(halfway(tuneReport({spent: {invocations: 240, costUSD: 0.0001, unknown: 0}})))).toContain(
      '▰▰▰▰▰▰▰▰▰▰▰▰ $0.00010 of ≤ $0.050 · 240 of ≤ 240 calls',
    )
  })

  it.each([40, 80])('cuts what is too long for %i columns', columns => {
    const name = 'a-name-that-is-as-long-as-one-may-be-and-wider-than-terminals-64'
    const progress = halfway(tuneReport({plan: tunePlan(name)}))
    progress.take({kind: 'note', text: 'stops: what was made is being removed, '.repeat(4)})
    for (const row of frame(progress, columns).split('\n')) expect(width(row), row).toBeLessThanOrEqual(columns)
    expect(frame(progress, columns)).toMatch(/\nstops: what was made is .*…$/)
  })

  it('shows nothing that a terminal obeys', () => {
    const progress = halfway(hostileReport)
    progress.take({kind: 'doing', what: 'a\u001b[2J\nb'})
    expect(frame(progress)).not.toMatch(/[\u001b\u0007\u202e]/)
    expect(frame(progress)).toMatch(/\na\^\[\[2J\^Jb$/)
  })

  it('is drawn by Ink as it is', () => {
    const {lastFrame, unmount} = render(<TuneView getState={halfway().state} terminal={terminal(100)} />)
    expect(lastFrame()).toBe(frame(halfway(), 100).trimEnd())
    unmount()
  })

  it('leaves nothing on the screen once stopped, and hides no cursor for good', () => {
    const written: string[] = []
    const stream = Object.assign(new PassThrough(), {columns: 80, rows: 24, isTTY: true})
    stream.on('data', data => written.push(String(data)))
    startTuneView(stream as unknown as NodeJS.WriteStream, terminal(80), halfway().state).stop()
    const screen = written.join('')
    expect(screen).toContain('checkout-api:live')
    expect(screen.lastIndexOf('\x1b[2K')).toBeGreaterThan(screen.lastIndexOf('checkout-api'))
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
  })
})
