import {floorMB, memoryText} from '../memory-sizes.ts'

/** What reports of a function's traffic tell of the memory that it uses. */
export type UsedMemory = {
  /** the greatest Max Memory Used of them, in MB */
  readonly mostMB: number
  /** how many of them there were */
  readonly reports: number
  /** how far back they were looked for, in ms */
  readonly spanMs: number
}

/** Whether a size may not hold what the function's own traffic uses, whatever the payload of a run needs. */
export const isBelowFloor = (memorySizeMB: number, used: UsedMemory | null): boolean =>
  used !== null && memorySizeMB < floorMB(used.mostMB)

/** `its traffic used 301 MB`, as a size that is left out says of itself. */
export const tooSmallText = ({mostMB}: UsedMemory): string => `its traffic used ${memoryText(mostMB)}`

/** `its traffic of the last day used 301 MB` */
export const usedText = ({mostMB, spanMs}: UsedMemory): string =>
  `its traffic of the last ${spanText(spanMs)} used ${memoryText(mostMB)}`

const hourMs = 3_600_000

/** `hour`, `6 hours`, `day` or `14 days`: the last minutes, which the log may not have yet, are none of its business. */
function spanText(spanMs: number): string {
  const hours = Math.max(1, Math.round(spanMs / hourMs))
  const [count, unit] = hours < 24 ? [hours, 'hour'] : [Math.round(hours / 24), 'day']
  return count === 1 ? unit : `${count} ${unit}s`
}
