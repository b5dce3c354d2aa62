import {describe, expect, test} from 'vitest'
import {meanOf} from '../../../../src/services/tuning/statistics/order.ts'
import {studentUpperQuantile, studentUpperTail} from '../../../../src/services/tuning/statistics/student-t.ts'

describe("Student's t", () => {
  test.each([
    [0.025, 1, 12.706204736],
    [0.05, 1, 6.313751515],
    [0.005, 2, 9.924843201],
    [0.025, 4, 2.776445105],
    [0.05, 5, 2.015048373],
    [0.025, 9, 2.262157163],
    [0.025, 10, 2.228138852],
    [0.01, 20, 2.527977003],
    [0.005, 30, 2.749995654],
    [0.025, 120, 1.979930405],
    [0.025, 1e7, 1.959964],
  ])('is exceeded with probability %d at %d degrees of freedom from %d on', (probability, freedom, expected) => {
    expect(Math.abs(studentUpperQuantile(probability, freedom) - expected)).toBeLessThan(1e-6)
    expect(studentUpperTail(expected, freedom)).toBeCloseTo(probability, 6)
  })

  test('is symmetric', () => {
    expect(studentUpperQuantile(0.975, 7)).toBeCloseTo(-studentUpperQuantile(0.025, 7), 9)
    expect(studentUpperTail(-1.5, 7)).toBeCloseTo(1 - studentUpperTail(1.5, 7), 12)
    expect(studentUpperQuantile(0.5, 3)).toBeCloseTo(0, 9)
  })

  test("T20: ten runs of jconning's at 128 MB: mean 16.11 s, sd 0.9994, 95 % within ±0.715", () => {
    const seconds = [17.9, 17.1, 14.8, 16.6, 16.1, 16.5, 16.5, 15.1, 15.1, 15.4]
    const mean = meanOf(seconds)
    const deviation = Math.sqrt(seconds.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 9)
    expect(mean).toBeCloseTo(16.11, 9)
    expect(deviation).toBeCloseTo(0.9994, 4)
    expect((studentUpperQuantile(0.025, 9) * deviation) / Math.sqrt(10)).toBeCloseTo(0.715, 3)
  })
})
