import {describe, expect, it} from 'vitest'
import {lnErrorShare} from '../../../../src/services/traffic/judge/error-share.ts'
import {judge} from '../../../../src/services/traffic/judge/judge.ts'
import {inputOf, type Minute, settings} from './minutes.ts'

/** [calls, bad] of the canary, [calls, bad] of the baseline; the evidence after each minute. Worked by the method's author. */
const v5: Minute[] = [
  [10, 0, 90, 0],
  [10, 5, 90, 45],
  [10, 6, 90, 50],
  [10, 5, 90, 44],
]
const vectors: readonly [string, readonly Minute[], readonly number[]][] = [
  [
    'V1 clean',
    [
      [10, 0, 90, 0],
      [10, 0, 90, 0],
      [10, 0, 90, 0],
    ],
    [0.9273276, 0.84424391, 0.76454346],
  ],
  ['V2 outage', [[10, 10, 90, 0]], [16967675]],
  [
    'V3',
    [
      [10, 3, 90, 0],
      [10, 3, 90, 0],
    ],
    [47.631178, 8008.5271],
  ],
  [
    'V4 one blip',
    [
      [10, 1, 90, 0],
      [10, 0, 90, 0],
      [10, 0, 90, 0],
      [10, 0, 90, 0],
      [10, 0, 90, 0],
    ],
    [2.2316534, 1.9039767, 1.6310824, 1.4055138, 1.2192769],
  ],
  ['V5 shared outage', v5, [0.9273276, 0.33962786, 0.25094572, 0.20059683]],
  [
    'V6',
    [...v5, [10, 5, 90, 1], [10, 5, 90, 1]],
    [0.9273276, 0.33962786, 0.25094572, 0.20059683, 15.220033, 11557.733],
  ],
  [
    'V7 1 % weight',
    [
      [1, 1, 99, 0],
      [1, 0, 99, 0],
      [1, 1, 99, 0],
    ],
    [7.2786381, 6.3878239, 143.6725],
  ],
  [
    'V8 50/50',
    [
      [50, 5, 50, 0],
      [50, 5, 50, 0],
      [50, 5, 50, 0],
    ],
    [4.1131671, 32.13793, 292.39751],
  ],
  [
    'V9 no information',
    [
      [0, 0, 100, 3],
      [100, 50, 0, 0],
    ],
    [1, 1],
  ],
  ['V10 equal', [[100, 2, 900, 18]], [0.52390772]],
  ['V11 0.1 → 0.3 %', [[10000, 30, 90000, 90]], [0.5]],
  ['V12 0.1 → 2 %', [[10000, 200, 90000, 90]], [3.8715417e34]],
]

describe('harm', () => {
  it.each(vectors)('case 11: %s', (_name, minutes, expected) => {
    for (const [index, value] of expected.entries())
      closeTo(judge(inputOf(minutes.slice(0, index + 1)), settings).harmByMinute.at(-1), value)
    for (const [index, value] of judge(inputOf(minutes), settings).harmByMinute.entries())
      closeTo(value, expected[index])
  })

  it('case 11: with λ = ⅓', () => {
    closeTo(judge({...inputOf([[10, 10, 90, 0]]), repeats: 3}, settings).harm, 100.31904)
  })

  it.each([
    [3, 0, 4.258969559],
    [3, 1, 3.432290986],
    [0, 0, -0.16875],
  ])('case 11: a single E, %d and %d failed', (bad, ofBaseline, expected) => {
    closeTo(
      lnErrorShare({calls: 10, bad}, {calls: 90, bad: ofBaseline}, {times: 1.5, margin: 0.005}, 1, [10])?.[0],
      expected,
    )
  })

  it.each([
    [
      [
        [100, 1, 0, 0],
        [100, 1, 0, 0],
        [100, 1, 0, 0],
      ],
      0.37003277,
    ],
    [[[100, 5, 0, 0]], 12.004407],
    [
      [
        [100, 5, 0, 0],
        [100, 5, 0, 0],
      ],
      573.26578,
    ],
  ] as [Minute[], number][])('case 11: alone %j', (minutes, expected) => {
    closeTo(judge({...inputOf(minutes), hasControl: false}, settings).harmByMinute.at(-1), expected)
  })

  it('case 11: alone, all of 20 failed', () => {
    expect(judge({...inputOf([[20, 20, 0, 0]]), hasControl: false}, settings).harm.toPrecision(2)).toBe('3.9e+23')
  })
})

describe('health', () => {
  it.each([
    [[[10, 0, 90, 0]], 1.1476662],
    [
      [
        [10, 0, 90, 0],
        [10, 0, 90, 0],
      ],
      1.3200034,
    ],
    [
      [
        [10, 0, 90, 0],
        [10, 0, 90, 0],
        [10, 0, 90, 0],
      ],
      1.5214612,
    ],
    [[[10, 10, 90, 0]], 0.0032685685],
    [[[100, 2, 900, 18]], 1.0416838],
  ] as [Minute[], number][])('case 11: %j', (minutes, expected) => {
    closeTo(judge(inputOf(minutes), settings).health, expected)
  })
})

function closeTo(value: number | undefined, expected: number | undefined): void {
  expect(Math.abs((value ?? Number.NaN) / (expected ?? Number.NaN) - 1)).toBeLessThan(1e-6)
}
