import {describe, expect, it} from 'vitest'
import {
  billedMs,
  type PowerTuningStat,
  payloadSplit,
  priceUSD,
  recommended,
  statOf,
  stepFunctionsUSD,
  trimmedMean,
} from '../../bench/power-tuning-rule.ts'
import {profile} from '../services/tuning/profiles.ts'

const stats = (...all: readonly (readonly [number, number, number])[]): readonly PowerTuningStat[] =>
  all.map(([memorySizeMB, costUSD, durationMs]) => ({memorySizeMB, costUSD, durationMs}))
const published = (name: Parameters<typeof profile>[0]): readonly PowerTuningStat[] => {
  const {memory, durationMs, costUSD} = profile(name)
  return memory.map((memorySizeMB, index) => ({
    memorySizeMB,
    durationMs: durationMs[index] ?? 0,
    costUSD: costUSD[index] ?? 0,
  }))
}

describe("AWS Lambda Power Tuning's rules", () => {
  it('T1: 300 ms at 1,024 MB cost $5.04e-6', () => {
    expect(priceUSD(1024, 300)).toBeCloseTo(5.04e-6, 14)
  })

  it('T5: of two sizes at the very same cost the faster is taken', () => {
    const cpu = published('pt_readme_example_cpu')
    expect(cpu[3]?.costUSD).toBe(cpu[4]?.costUSD)
    expect(recommended(cpu, 'cost')).toBe(1536)
  })

  it('T6, T10: what is balanced depends on which other sizes were tried', () => {
    const primes = published('aws_workshop_pyprime_x86')
    expect(recommended(primes, 'balanced')).toBe(1536)
    expect(
      recommended(
        primes.filter(({memorySizeMB}) => memorySizeMB >= 512),
        'balanced',
      ),
    ).toBe(2048)

    const django = published('warm_zip')
    expect(recommended(django, 'balanced')).toBe(1536)
    expect(
      recommended(
        django.filter(({memorySizeMB}) => memorySizeMB < 5000),
        'balanced',
      ),
    ).toBe(1024)
  })

  it('T7: what sleeps is fastest at 2,176 MB, by 0.017 %', () => {
    expect(recommended(published('sidag_sleep'), 'speed')).toBe(2176)
  })

  it("T13: its own tests' vectors", () => {
    const three = stats([128, 101, 300], [256, 200, 200], [512, 300, 101])
    expect(recommended(three, 'balanced', 0.5)).toBe(256)
    const four = stats([128, 100, 300], [256, 200, 200], [512, 300, 100], [1024, 1000, 50])
    expect(recommended(four, 'balanced', 0.3)).toBe(512)
    expect(recommended([], 'cost')).toBeNull()
  })

  it('T14: what Step Functions takes', () => {
    expect(stepFunctionsUSD(6)).toBeCloseTo(0.0006, 12)
    expect(stepFunctionsUSD(6, {coldInvocations: 10})).toBeCloseTo(0.0033, 12)
    expect(stepFunctionsUSD(10, {region: 'us-gov-west-1'})).toBeCloseTo(0.00108, 12)
  })

  it('T15: the mean without the lowest and highest fifth', () => {
    expect(trimmedMean([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBe(5.5)
    expect(trimmedMean([1, 1, 1, 1, 100], 0)).toBe(20.8)
  })

  it('T15: weighted payloads, of which the last takes what remains', () => {
    expect(payloadSplit([1, 1, 1], 100)).toEqual([33, 33, 34])
    expect(payloadSplit([1, 1, 1], 20)).toEqual([6, 6, 8])
    expect(payloadSplit([1, 1, 1, 1, 1], 54)).toEqual([10, 10, 10, 10, 14])
    expect(payloadSplit([1, 1, 1, 1], 23)).toEqual([5, 5, 5, 8])
  })

  it('T18: it bills a restore twice', () => {
    const lines = [
      [154, 26],
      [610, 303],
      [278, 118],
      [2521, 182],
      [201, 53],
    ] as const
    const taken = lines.map(([billed, billedRestoreMs]) => billedMs({durationMs: 0, billedMs: billed, billedRestoreMs}))
    expect(taken).toEqual([180, 913, 396, 2703, 254])
  })

  it('a cold start is in the mean, unless it is trimmed', () => {
    const warm = {durationMs: 100, billedMs: 100}
    const cold = {durationMs: 100, billedMs: 900, initMs: 800}
    expect(statOf(1024, [cold, warm, warm, warm, warm]).durationMs).toBe(100)
    expect(statOf(1024, [cold, cold, warm, warm, warm])).toMatchObject({costUSD: priceUSD(1024, 366.7)})
  })
})
