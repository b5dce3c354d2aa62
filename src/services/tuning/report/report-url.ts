import type {Architecture} from '../../pricing.ts'
import type {Standing} from '../standing.ts'
import type {TuneReport} from '../tune-report.ts'
import {powerTuningUrl, type Visualised} from './power-tuning-url.ts'

type Sweep = Extract<Visualised, {readonly sweep: unknown}>['sweep']

/** as many as the two sweeps of such a page show anything by */
const leastSizes = 2

/**
 * A report as a picture by AWS Lambda Power Tuning's page, two architectures compared; null where fewer than two sizes were
 * measured. All of it stands behind the #, which no browser sends.
 */
export function reportUrl({sizes}: Pick<TuneReport, 'sizes'>): string | null {
  const [one, other] = (['x86_64', 'arm64'] as const)
    .map(architecture => ({legend: architecture, sweep: sweepOf(sizes, architecture)}))
    .filter(({sweep}) => sweep.length >= leastSizes)
  if (one === undefined) return null
  return powerTuningUrl(other === undefined ? one : {compared: [one, other]})
}

const sweepOf = (sizes: readonly Standing[], of: Architecture): Sweep =>
  sizes.flatMap(({memorySizeMB, architecture, status, meanDurationMs: durationMs, costPerMillionUSD}) =>
    architecture === of && status !== 'infeasible' && durationMs !== null && costPerMillionUSD !== null
      ? [{memorySizeMB, durationMs, costUSD: costPerMillionUSD / 1e6}]
      : [],
  )
