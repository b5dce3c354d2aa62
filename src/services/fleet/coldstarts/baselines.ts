import baselines from '../../../data/init-baselines.json' with {type: 'json'}
import type {FleetFunction} from '../fleet-function.ts'

/** The init of a function that does nothing, measured by others. */
export type InitBaseline = {
  readonly runtime: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly package: 'zip' | 'image'
  /** the nearest memory that was measured */
  readonly memorySizeMB: number
  /** median */
  readonly initMs: number
}

type Measured = Readonly<
  Partial<Record<string, Partial<Record<string, Partial<Record<string, Readonly<Record<string, number>>>>>>>>
>
const measured: Measured = baselines.medianInitMs

/** The day of the measurements. */
export const baselinesAsOf = baselines.asOf

/**
 * What a function that does nothing takes to initialize with the same runtime, architecture and package, and the memory
 * nearest to its own (src/data/init-baselines.json, dated and with its source). Null where nobody measured it: of images
 * and of `provided` runtimes Lambda does not tell what runs in them.
 */
export function baselineOf({
  runtime,
  architecture,
  packageType,
  memorySizeMB,
}: Pick<FleetFunction, 'runtime' | 'architecture' | 'packageType' | 'memorySizeMB'>): InitBaseline | null {
  if (runtime === null) return null
  const kind = packageType === 'Image' ? 'image' : 'zip'
  const byMemory = Object.hasOwn(measured, runtime) ? measured[runtime]?.[architecture]?.[kind] : undefined
  const nearest = Object.entries(byMemory ?? {})
    .map(([memory, initMs]) => ({memory: Number(memory), initMs}))
    .reduce<{memory: number; initMs: number} | null>(
      (best, one) =>
        best === null || Math.abs(one.memory - memorySizeMB) < Math.abs(best.memory - memorySizeMB) ? one : best,
      null,
    )
  return nearest === null
    ? null
    : {runtime, architecture, package: kind, memorySizeMB: nearest.memory, initMs: nearest.initMs}
}
