import type {Verdict} from './judge.ts'
import type {Ran} from './measured-command.ts'
import {spread, spreadText} from './spread.ts'

export type Run = Ran & {readonly verdict: Verdict; readonly calls: number; readonly throttles: number}

/** Tools' runs over one closed window as a table; ratios are to what slsops took in the same round. */
export function historyTable(runs: ReadonlyMap<string, readonly Run[]>): string {
  const base = runs.get('slsops') ?? []
  const rows = [...runs].flatMap(([name, of]) => {
    const last = of.at(-1)
    if (!last) return []
    // a round that failed half way took no time that means anything
    const pairs = of.map((run, round) => ({run, by: base[round]})).filter(({run}) => run.gaveUp === 0)
    const seconds = pairs.map(({run}) => run.wallMs / 1000)
    return row(name, [
      `${overRounds(seconds, 1)} s`,
      ratios(pairs, ({wallMs}) => wallMs),
      ratios(pairs, ({cpuMs}) => cpuMs),
      `${spread(of.map(({peakRssMB}) => peakRssMB)).median.toFixed(0)} MB`,
      last.calls,
      ...(['lost', 'doubled', 'outOfOrder'] as const).map(what => ends(of.map(({verdict}) => verdict[what]))),
      failures(of.find(({gaveUp}) => gaveUp > 0) ?? last),
    ])
  })
  return `| tool | wall | wall ÷ slsops | CPU ÷ slsops | peak RSS | calls | lost | doubled | out of order | failed |
|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}`
}

/** Tools' runs while events came, one each, as a table. */
export function followTable(runs: ReadonlyMap<string, Run>): string {
  const base = runs.get('slsops')
  const rows = [...runs].map(([name, run]) => {
    const {lost, events, lostLate, lateEvents, doubled, outOfOrder, shownAfterMs: shown} = run.verdict
    return row(name, [
      `${lost} of ${events}`,
      lateEvents > 0 ? `${lostLate} of ${lateEvents}` : '–',
      ...[doubled, outOfOrder],
      shown ? `${(shown.median / 1000).toFixed(1)} / ${(shown.p95 / 1000).toFixed(1)} s` : '–',
      ratios([{run, by: base}], ({cpuMs}) => cpuMs),
      `${run.peakRssMB.toFixed(0)} MB`,
      `${run.calls}, ${run.throttles}`,
      failures(run),
    ])
  })
  return `| tool | lost | late ones lost | doubled | out of order | shown after, median / p95 | CPU ÷ slsops | peak RSS | calls, throttled | gave up |
|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}`
}

/** The median and, where there is more than one round, the ends. */
function overRounds(all: readonly number[], digits = 2): string {
  if (all.length === 0) return '–'
  return all.length === 1 ? spread(all).median.toFixed(digits) : spreadText(spread(all), digits)
}

/** One count, or the least and the most of all rounds. */
function ends(counts: readonly number[]): string {
  const {min, max} = spread(counts)
  return min === max ? `${max}` : `${min}–${max}`
}

type Pair = {readonly run: Run; readonly by: Run | undefined}

function ratios(pairs: readonly Pair[], what: (run: Run) => number): string {
  return overRounds(pairs.flatMap(({run, by}) => (by ? [what(run) / what(by)] : [])))
}

function failures({gaveUp, complaint}: Run): string {
  return gaveUp === 0 ? '0' : `${gaveUp} (${complaint.replaceAll('|', '/').slice(0, 60)})`
}

function row(name: string, cells: readonly (string | number)[]): string {
  return `| ${[name, ...cells].join(' | ')} |`
}
