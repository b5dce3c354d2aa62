import {usageError} from '../../../errors.ts'

/** What a size came to, as AWS Lambda Power Tuning's visualisation shows it. */
type Shown = {readonly memorySizeMB: number; readonly durationMs: number; readonly costUSD: number}

/** One sweep, or two to be compared, each with its legend. */
export type Visualised = {readonly sweep: readonly Shown[]} | {readonly compared: readonly [Legended, Legended]}

type Legended = {readonly legend: string; readonly sweep: readonly Shown[]}

const base = 'https://lambda-power-tuning.show/'

/** Sizes are 16 bits, signed. */
const largestMB = 32_767

/**
 * The URL under which AWS Lambda Power Tuning's visualisation shows a sweep, or two: all of it is behind the #, which no
 * browser sends. Little-endian Int16 sizes, Float32 milliseconds and Float32 dollars, each as Base64.
 * @throws UserError (exit 2) for a size above 32,767 MB, which it cannot hold
 */
export function powerTuningUrl(what: Visualised): string {
  if ('sweep' in what) return `${base}#${encodeSweep(what.sweep)}`
  const [one, other] = what.compared
  const legends = [one, other].map(({legend}) => encodeURIComponent(legend))
  return `${base}#${[encodeSweep(one.sweep), encodeSweep(other.sweep), ...legends].join(';')}`
}

function encodeSweep(sweep: readonly Shown[]): string {
  const tooLarge = sweep.find(({memorySizeMB}) => memorySizeMB > largestMB)
  if (tooLarge)
    throw usageError(`a visualisation URL holds no more than ${largestMB} MB, and not ${tooLarge.memorySizeMB} MB`)
  const ordered = sweep.toSorted((a, b) => a.memorySizeMB - b.memorySizeMB)
  const sizes = Buffer.alloc(ordered.length * 2)
  const durations = Buffer.alloc(ordered.length * 4)
  const costs = Buffer.alloc(ordered.length * 4)
  ordered.forEach(({memorySizeMB, durationMs, costUSD}, index) => {
    sizes.writeInt16LE(memorySizeMB, index * 2)
    durations.writeFloatLE(durationMs, index * 4)
    costs.writeFloatLE(costUSD, index * 4)
  })
  return [sizes, durations, costs].map(part => part.toString('base64')).join(';')
}

/**
 * What such a URL shows, as exactly as it holds it.
 * @throws UserError (exit 2) for one that is none
 */
export function readPowerTuningUrl(url: string): Visualised {
  const parts = url.slice(url.indexOf('#') + 1).split(';')
  if (!url.includes('#') || (parts.length !== 3 && parts.length !== 8)) throw noneOfThem()
  const sweep = decodeSweep(parts.slice(0, 3))
  if (parts.length === 3) return {sweep}
  const [one = '', other = ''] = parts.slice(6).map(decodeLegend)
  return {
    compared: [
      {legend: one, sweep},
      {legend: other, sweep: decodeSweep(parts.slice(3, 6))},
    ],
  }
}

function decodeSweep(parts: readonly string[]): readonly Shown[] {
  const [sizes, durations, costs] = parts.map(part => Buffer.from(part, 'base64'))
  if (!sizes || !durations || !costs || sizes.length === 0 || sizes.length % 2 !== 0) throw noneOfThem()
  const count = sizes.length / 2
  if (durations.length !== count * 4 || costs.length !== count * 4) throw noneOfThem()
  return Array.from({length: count}, (_, index) => ({
    memorySizeMB: sizes.readInt16LE(index * 2),
    durationMs: durations.readFloatLE(index * 4),
    costUSD: costs.readFloatLE(index * 4),
  }))
}

function decodeLegend(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw noneOfThem()
  }
}

const noneOfThem = () => usageError('that is no URL of AWS Lambda Power Tuning’s visualisation')
