import type {Architecture} from '../../pricing.ts'
import type {Sample} from '../sample.ts'
import {meanOf, medianOf} from '../statistics/order.ts'
import type {SizeRecord} from './size-record.ts'

/** What a cold invocation of a size is thought to take, in ms, and how uncertain that is. */
export type ColdStart = {
  readonly billedMs: number
  readonly waitedMs: number
  /** of these, the init or restore */
  readonly initBilledMs: number
  readonly initWaitedMs: number
  /** squared standard error of the init, as a share; common to the sizes that share it, for which it cancels */
  readonly initVariance: number
  readonly isShared: boolean
  /** squared standard error of the rest, in ms² */
  readonly restVariance: number
}

/** What an init, or a restore, of a function's own traffic takes, by its log. */
export type UsualInit = {
  /** which the traffic ran on */
  readonly architecture: Architecture
  /** means, in ms */
  readonly billedMs: number
  readonly waitedMs: number
  /** standard error of them, on the log scale */
  readonly error: number
}

/** A single init, on the log scale: those of one size vary by 10–20 % at least (maxday's daily measurements); what else is slow at first too. */
const leastSpread = 0.2
/** How far the first invocation of a size may be off what the law tells of it, on the log scale. */
const lawError = 0.1
/** In standard errors: a size whose own cold invocations are so far off what others tell is believed for itself. */
const unlike = 4
/** With one vCPU, more memory makes what runs once no faster. */
const oneCpuMB = 1769

type Cold = {
  readonly record: SizeRecord
  readonly warmMs: number
  readonly initBilledMs: number
  readonly initWaitedMs: number
  readonly durationMs: number
}

/**
 * Tells cold invocations of sizes of one architecture from all that there were. Of a size there are one or two, but an init
 * takes as long with any memory, as Lambda lends CPU to it (.NET: 249, 231, 247 and 247 ms with 128 to 1,024 MB), and what the
 * first invocation takes longer is work of the CPU (799, 378, 183, 78 ms): both are known from all sizes together.
 * @param usualInit takes the place of the init of the few own ones on its architecture; those tell the rest then
 * @param warmMs what a warm invocation takes
 * @returns null for all where there was no cold one; an architecture that had none is taken for the other
 */
export function coldStartsOf(
  sizes: readonly {readonly record: SizeRecord; readonly warmMs: number}[],
  usualInit: UsualInit | null,
): (record: SizeRecord, warmMs: number) => ColdStart | null {
  const colds = sizes.filter(({record}) => record.cold.length > 0).map(measured)
  const byArchitecture = Map.groupBy(colds, ({record}) => record.candidate.architecture)
  const readers = new Map(
    [...byArchitecture].map(([architecture, of]) => [
      architecture,
      reader(of, usualInit?.architecture === architecture ? usualInit : null),
    ]),
  )
  const [any = () => null] = readers.values()
  return (record, warmMs) => (readers.get(record.candidate.architecture) ?? any)(record, warmMs)
}

function measured({record, warmMs}: {readonly record: SizeRecord; readonly warmMs: number}): Cold {
  const mean = (of: (sample: Sample) => number): number => meanOf(record.cold.map(of))
  const durationMs = mean(sample => sample.durationMs)
  return {
    record,
    warmMs,
    durationMs,
    initBilledMs: Math.max(0, mean(({billedMs}) => billedMs) - durationMs),
    initWaitedMs: mean(({initMs, restoreMs}) => (initMs ?? 0) + (restoreMs ?? 0)),
  }
}

/** How what the first invocation takes longer depends on memory: as the CPU's work does at 1,000 MB, or not at all. */
type Law = (record: SizeRecord) => number
const laws: readonly Law[] = [({candidate}) => 1000 / Math.min(oneCpuMB, candidate.memorySizeMB), () => 1]

type FirstRun = {
  /** what it takes longer than a warm one, in ms */
  readonly excessMs: (record: SizeRecord) => number
  readonly spread: number
}

/** By the law that all sizes agree on best. */
function firstRunOf(colds: readonly Cold[]): FirstRun {
  const [first, ...others] = laws.map(law => {
    const scale = Math.max(
      0,
      medianOf(colds.map(({durationMs, warmMs, record}) => (durationMs - warmMs) / law(record))),
    )
    const excessMs = (record: SizeRecord): number => scale * law(record)
    return {
      excessMs,
      spread: spreadOf(colds.map(cold => apart(cold.durationMs, cold.warmMs + excessMs(cold.record)))),
    }
  })
  return others.reduce((best, each) => (each.spread < best.spread ? each : best), first as FirstRun)
}

function reader(colds: readonly Cold[], usual: UsualInit | null): (record: SizeRecord, warmMs: number) => ColdStart {
  const initBilledMs = usual?.billedMs ?? medianOf(colds.map(cold => cold.initBilledMs))
  const initWaitedMs = usual?.waitedMs ?? medianOf(colds.map(cold => cold.initWaitedMs))
  const count = colds.reduce((sum, {record}) => sum + record.cold.length, 0)
  // of some functions inits differ by the factor of three: one long one is no news of its size then
  const initSpread = spreadOf(colds.map(cold => apart(cold.initBilledMs, initBilledMs)))
  const firstRun = firstRunOf(colds)
  const firstSpread = firstRun.spread
  return (record, warmMs) => {
    const own = colds.find(cold => cold.record === record)
    const excessMs = firstRun.excessMs(record)
    const root = Math.sqrt(record.cold.length)
    const [ownInitError, ownFirstError] = [initSpread / root, firstSpread / root]
    // hundreds of others tell more of an init than the one that a size had
    const isInitUnlike =
      usual === null && own !== undefined && apart(own.initBilledMs, initBilledMs) > unlike * ownInitError
    const isFirstUnlike = own !== undefined && apart(own.durationMs, warmMs + excessMs) > unlike * ownFirstError
    const init = own && isInitUnlike ? own : {initBilledMs, initWaitedMs}
    const firstMs = own && isFirstUnlike ? own.durationMs : warmMs + excessMs
    return {
      billedMs: init.initBilledMs + firstMs,
      waitedMs: init.initWaitedMs + firstMs,
      initBilledMs: init.initBilledMs,
      initWaitedMs: init.initWaitedMs,
      initVariance: usual !== null ? usual.error ** 2 : isInitUnlike ? ownInitError ** 2 : initSpread ** 2 / count,
      isShared: !isInitUnlike,
      // the warm part of it errs with the warm ones; the law holds for a single size to some ten percent
      restVariance: isFirstUnlike
        ? (ownFirstError * firstMs) ** 2
        : (lawError ** 2 + firstSpread ** 2 / count) * excessMs ** 2,
    }
  }
}

/** How far apart on the log scale; below a millisecond there is nothing to be shared. */
const apart = (ms: number, usualMs: number): number => Math.abs(Math.log(Math.max(1, ms) / Math.max(1, usualMs)))

/** The spread of single ones by their distances from the usual: 1.4826 medians, as of a normal distribution. */
const spreadOf = (distances: readonly number[]): number => Math.max(leastSpread, 1.4826 * medianOf(distances))
