import {usageError} from '../../errors.ts'

/** MB; the API's model allows more, which only Managed Instances can have */
const smallestMB = 128
const largestMB = 10_240
/** each costs a published version and at least five invocations */
const mostSizes = 64
const examples = 'Examples: 128..3008, 512,1024,1769, 128..3008/64, 1GB'

export const memoryByDefault = '128..3008'

/**
 * What a range without a step stands for: each about 1.4 times the one before, with 1,769 MB, where a function has one
 * whole vCPU, and above 3,008 MB a size for each vCPU more. Sizes above 1,769 MB speed up nothing but code with several
 * threads; a race drops them within a few invocations where that is so, and only there can it be seen.
 */
const grid = [128, 256, 512, 1024, 1536, 1769, 2048, 3008, 3538, 5307, 7076, 8845, largestMB]

/**
 * Memory sizes in MB, smallest first, each once: `512`, `128,512,1024`, `128..3008` (usual sizes within, and both ends),
 * `128..3008/64` (steps of 64 MB from the start, and the end), or several of these with commas between; a size is in MB, or
 * as `1GB`.
 * @throws UserError (exit 2) with examples for what is no size that a function can have, and for more than 64
 */
export function parseMemorySizes(text: string): readonly number[] {
  const wrong = (why: string) => usageError(`--memory ${text}: ${why}`, examples)
  const sizeOf = (word: string): number => {
    const [, digits, unit = 'MB'] = /^(\d{1,6})\s*(MB|GB)?$/i.exec(word) ?? []
    if (digits === undefined) throw wrong(word === '' ? 'a size is missing' : `${word} is no size in MB`)
    const size = Number(digits) * (unit.toUpperCase() === 'GB' ? 1024 : 1)
    if (size < smallestMB || size > largestMB) throw wrong(`a function has from 128 to 10,240 MB, and not ${word}`)
    return size
  }
  const sizesOf = (part: string): readonly number[] => {
    const [, first, last, step] = /^([^./]*)\.\.([^./]*)(?:\/(.*))?$/.exec(part) ?? []
    if (first === undefined || last === undefined) return [sizeOf(part)]
    const [start, end] = [sizeOf(first.trim()), sizeOf(last.trim())]
    if (start > end) throw wrong(`${start} is above ${end}`)
    if (step === undefined) return [start, ...grid.filter(size => size > start && size < end), end]
    const stepMB = Number(/^\d{1,5}$/.test(step.trim()) ? step.trim() : 0)
    if (stepMB === 0) throw wrong(`${step.trim() || 'nothing'} is no step in MB`)
    if ((end - start) / stepMB >= mostSizes) throw wrong(`that is more than ${mostSizes} sizes`)
    return [...Array.from({length: Math.floor((end - start) / stepMB) + 1}, (_, i) => start + i * stepMB), end]
  }
  const sizes = [...new Set(text.split(',').flatMap(part => sizesOf(part.trim())))].sort((a, b) => a - b)
  if (sizes.length > mostSizes) throw wrong(`that is more than ${mostSizes} sizes`)
  return sizes
}

/** Whether somebody listed the sizes, one by one: no others are wanted then. */
export const isSizeList = (text: string): boolean => !text.includes('..')

/** what a function used at most was of what was asked of it so far: a little more must not end it */
const headroom = 1.1

/** The least memory that surely holds what a function was seen to use, in MB. */
export const floorMB = (maxMemoryUsedMB: number): number => Math.max(smallestMB, Math.ceil(maxMemoryUsedMB * headroom))

/** `1,769 MB` */
export const memoryText = (memorySizeMB: number): string => `${memorySizeMB.toLocaleString('en')} MB`
