// What an invocation costs in time and memory, by the memory its function has.
import type {CompanyFunction, Failure, Line, Story} from './company.ts'
import {draw, mix, skewedBy} from './random.ts'

/**
 * How a function's own work takes time: `waitMs + cpuMs × (1000 / min(memory, 1769 × vCPUs)) ^ exponent`, which is the curve
 * that real functions fit best, and what spoils it.
 */
export type Work = {
  /** the story of its invocations that a client asks for; the one it has most often when absent */
  readonly story?: string
  /** what memory does not make shorter, in ms */
  readonly waitMs: number
  /** computing with 1,000 MB, in ms */
  readonly cpuMs: number
  /** 1 when absent: half the memory, twice the time */
  readonly exponent?: number
  /** how many its threads keep busy; a vCPU is 1,769 MB. 1 when absent */
  readonly vCPUs?: number
  /** coefficient of variation; 0.04 when absent */
  readonly noise?: number
  /** a part of them takes so many times as long */
  readonly outliers?: {readonly share: number; readonly times: number}
  /** there are two kinds of them: a part, by chance, takes so many times as long */
  readonly second?: {readonly share: number; readonly times: number}
  /** what it takes drifts up and down by this share, once in so many minutes */
  readonly drift?: {readonly share: number; readonly minutes: number}
  /** what it needs to run freely: below it the garbage collector takes its time */
  readonly comfortableMB?: number
  /** below it the runtime is killed */
  readonly leastMB?: number
}

/** A vCPU; a single thread gains nothing beyond it (Lambda's own number). */
const vCpuMB = 1769
const mostVCPUs = 6

/** What one invocation does with so much memory. */
export type Performance = {
  readonly durationMs: number
  /** it needed more memory than there is */
  readonly isKilled: boolean
}

/** The median duration with so much memory, in ms. */
export function medianMs(
  {waitMs, cpuMs, exponent = 1, vCPUs = 1, comfortableMB = 0}: Work,
  memorySizeMB: number,
): number {
  const useful = Math.min(memorySizeMB, vCpuMB * Math.min(vCPUs, mostVCPUs))
  const pressure = memorySizeMB < comfortableMB ? 1 + 3 * (comfortableMB / memorySizeMB - 1) : 1
  return waitMs + cpuMs * pressure * (1000 / useful) ** exponent
}

/** @param at epoch ms, for what drifts */
export function perform(work: Work, memorySizeMB: number, at: number, key: number): Performance {
  const {noise = 0.04, outliers, second, drift, leastMB = 0} = work
  // the 99th percentile of a lognormal of that variation
  const spread = Math.exp(2.33 * Math.sqrt(Math.log(1 + noise ** 2)))
  let durationMs = skewedBy(1, spread)(mix(key, 1)) * medianMs(work, memorySizeMB)
  if (outliers && draw(mix(key, 2)) < outliers.share) durationMs *= outliers.times
  if (second && draw(mix(key, 3)) < second.share) durationMs *= second.times
  if (drift) durationMs *= 1 + drift.share * Math.sin((2 * Math.PI * at) / (drift.minutes * 60_000))
  const isKilled = memorySizeMB < leastMB
  // it dies on the way
  if (isKilled) durationMs *= 0.4 + 0.3 * draw(mix(key, 4))
  return {durationMs: Math.max(0.8, Math.round(durationMs * 100) / 100), isKilled}
}

/** Work of which only the past is known: some of it is computing. */
export function workFromPast(story: string, medianOfPastMs: number, memorySizeMB: number): Work {
  return {
    story,
    waitMs: 0.6 * medianOfPastMs,
    cpuMs: 0.4 * medianOfPastMs * (Math.min(memorySizeMB, vCpuMB) / 1000),
    noise: 0.08,
  }
}

/** What the first invocation of an environment takes longer, in ms: what is loaded on demand, and compiled. */
export function firstExtraMs({runtime}: Pick<CompanyFunction, 'runtime'>, initMs: number): number {
  return (/^(java|dotnet)/.test(runtime) ? 0.7 : 0.1) * initMs
}

/** What a client can ask of every function, for tests, as the member `simulate` of its payload. */
export type Simulated = 'error' | 'timeout' | 'statusCode500' | 'longLog'

/** Stories that the company does not have by itself: what a client asks for, and payloads that are not understood. */
export const simulatedStory = 'simulated'
export const notUnderstoodStory = 'not understood'
export const plainStory = 'plain'
export const longLogStory = 'long log'

/** How errors are told in each family of runtimes. */
const words: ReadonlyMap<string, Pick<Failure, 'type' | 'stack'>> = new Map([
  ['python', {type: 'ValueError', stack: ['File "/var/task/app.py", line 12, in handler\n    raise error']}],
  ['java', {type: 'java.lang.IllegalArgumentException', stack: ['com.larder.Handler.handleRequest(Handler.java:31)']}],
  [
    'dotnet',
    {type: 'ArgumentException', stack: ['Larder.Function.Handler(Request request) in /src/Function.cs:line 31']},
  ],
  ['provided', {type: 'Error', stack: ['main.handle(...)\n\t/build/main.go:41 +0x2b']}],
  [
    'nodejs',
    {
      type: 'Error',
      stack: [
        'handler (/var/task/index.ts:12:9)',
        'Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:1306:29)',
      ],
    },
  ],
])
const otherWords: Pick<Failure, 'type' | 'stack'> = {type: 'Error', stack: ['handler (/var/task/index.js:12:9)']}

/** @param runtime whose words the errors are in */
export function ownStories(runtime: string): Readonly<Record<string, Story>> {
  const family = /^[a-z]+/.exec(runtime)?.[0] ?? 'nodejs'
  const failure = (message: string): Failure => ({...(words.get(family) ?? otherWords), message})
  return {
    [simulatedStory]: {lines: [], failure: failure('simulated')},
    [notUnderstoodStory]: {lines: [], failure: failure('the payload is not understood')},
    [plainStory]: {lines: []},
    [longLogStory]: {lines: longLog},
  }
}

/** Some 6 KB of text. */
const longLog: readonly Line[] = Array.from({length: 60}, (_, i) => {
  return [(i + 1) / 62, 'INFO', `step ${i + 1} of 60: all is well`]
})
