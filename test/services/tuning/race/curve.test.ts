import {describe, expect, it} from 'vitest'
import {curveMs, fitCurve} from '../../../../src/services/tuning/race/curve.ts'
import {pointsOf} from '../profiles.ts'

const sizes = [128, 256, 512, 1024, 1536, 1769, 2048, 3008]
const made = (ms: (memorySizeMB: number) => number, at: readonly number[] = sizes) =>
  at.map(memorySizeMB => ({memorySizeMB, durationMs: ms(memorySizeMB)}))
const classOf = (ms: (memorySizeMB: number) => number) => fitCurve('x86_64', made(ms))?.class

describe('the curve', () => {
  it('takes less than three sizes for too few', () => {
    expect(
      fitCurve(
        'x86_64',
        made(m => 1e6 / m, [128, 256]),
      ),
    ).toBeNull()
    expect(
      fitCurve(
        'x86_64',
        made(m => 1e6 / m, [128, 128, 256]),
      ),
    ).toBeNull()
    expect(
      fitCurve(
        'x86_64',
        made(() => Number.NaN),
      ),
    ).toBeNull()
    expect(fitCurve('x86_64', [])).toBeNull()
  })

  it('finds what it was made of', () => {
    const fit = fitCurve(
      'arm64',
      made(m => 50 + 400 * (1000 / Math.min(m, 1769))),
    )
    expect(fit).toMatchObject({architecture: 'arm64', kneeMB: 1769, class: 'cpu-bound'})
    expect(fit?.a).toBeCloseTo(50, 0)
    expect(fit?.b).toBeCloseTo(400, 0)
    expect(fit?.c).toBeCloseTo(1, 2)
    expect(fit?.error).toBeLessThan(0.001)
  })

  it('is level above the knee', () => {
    const fit = fitCurve(
      'x86_64',
      made(m => 1e6 / Math.min(m, 1769)),
    )
    if (!fit) throw new Error('no fit')
    expect(curveMs(fit, 10_240)).toBe(curveMs(fit, 1769))
    expect(curveMs(fit, 512)).toBeCloseTo(1e6 / 512, 0)
  })

  it('never falls below nothing, whatever it is given', () => {
    const fit = fitCurve(
      'x86_64',
      made(m => m),
    )
    expect(fit).toMatchObject({b: 0, class: 'io-bound'})
    expect(fit?.a).toBeGreaterThan(0)
  })

  it('T9: is not led astray by one size of 113 ms between neighbours of 1,440 ms', () => {
    const points = pointsOf('rotate_run2')
    const fit = fitCurve('x86_64', points)
    if (!fit) throw new Error('no fit')
    const off = points.map(each => Math.abs(Math.log(each.durationMs / curveMs(fit, each.memorySizeMB))))
    const scatter = off.toSorted((a, b) => a - b)[Math.floor(off.length / 2)] ?? 0

    expect(curveMs(fit, 272)).toBeGreaterThan(1200)
    expect(curveMs(fit, 272)).toBeLessThan(1500)
    expect(
      points.filter((_, index) => (off[index] ?? 0) > 4 * 1.4826 * scatter).map(each => each.memorySizeMB),
    ).toEqual([272])
  })
})

describe('how a function takes to memory', () => {
  it('is told by the shape of the curve', () => {
    expect(classOf(m => 1e6 / Math.min(m, 1769))).toBe('cpu-bound')
    expect(classOf(m => 300 + 1e5 / Math.min(m, 1769))).toBe('mixed')
    expect(classOf(() => 24_000)).toBe('io-bound')
    expect(classOf(m => 20 + 100 * (1000 / Math.min(m, 1769)) ** 2)).toBe('memory-starved')
    expect(classOf(m => 1e6 / m)).toBe('multi-threaded')
  })

  it('T7, T8: what sleeps or waits for another service is I/O-bound, however noisy it is', () => {
    expect(fitCurve('x86_64', pointsOf('sidag_sleep'))?.class).toBe('io-bound')
    expect(fitCurve('x86_64', pointsOf('sidag_text_analyser'))?.class).toBe('io-bound')
  })

  it('is told of functions that people measured', () => {
    const classes = (
      ['aws_workshop_pyprime_x86', 'sidag_matmul', 'warm_zip', 'node_warm', 'thumbnail_s3'] as const
    ).map(name => fitCurve('x86_64', pointsOf(name))?.class)
    expect(classes).toEqual(['cpu-bound', 'multi-threaded', 'mixed', 'memory-starved', 'cpu-bound'])
  })

  it('a few percent of noise above one vCPU do not make it multi-threaded', () => {
    const noise = [1.02, 0.98, 1.01, 0.99, 1.02, 1.0, 0.97, 0.98]
    const points = made(m => 1e6 / Math.min(m, 1769)).map((each, index) => ({
      ...each,
      durationMs: each.durationMs * (noise[index] ?? 1),
    }))
    expect(fitCurve('x86_64', points)).toMatchObject({class: 'cpu-bound', kneeMB: 1769})
  })
})
