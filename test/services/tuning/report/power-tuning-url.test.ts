import {describe, expect, it} from 'vitest'
import {powerTuningUrl, readPowerTuningUrl} from '../../../../src/services/tuning/report/power-tuning-url.ts'
import {profile} from '../profiles.ts'

const shown = (memorySizeMB: number, durationMs: number, costUSD: number) => ({memorySizeMB, durationMs, costUSD})

describe('the visualisation URL', () => {
  it('T16: has sizes, durations and costs behind the #', () => {
    const sweep = [shown(1024, 1465, 2.4612e-5), shown(128, 11_722, 2.46162e-5)]
    expect(powerTuningUrl({sweep})).toBe('https://lambda-power-tuning.show/#gAAABA==;ACg3RgAgt0Q=;437ON951zjc=')
  })

  it("T16: of the incumbent's own README is read, and written again to the letter", () => {
    const {url} = profile('pt_readme_example_cpu')
    const read = readPowerTuningUrl(url)
    if (!('sweep' in read)) throw new Error('compared')
    expect(read.sweep.map(({memorySizeMB}) => memorySizeMB)).toEqual([128, 256, 512, 1024, 1536, 3008])
    expect(read.sweep[0]?.durationMs).toBeCloseTo(37_002.398, 3)
    expect(read.sweep[0]?.costUSD).toBeCloseTo(7.7168e-5, 9)
    expect(powerTuningUrl(read)).toBe(url)
  })

  it('T16: compares two sweeps with their legends', () => {
    const [x86, arm] = (['pt_ui_js_x86', 'pt_ui_js_arm64'] as const).map(name => readPowerTuningUrl(profile(name).url))
    if (!x86 || !arm || !('sweep' in x86) || !('sweep' in arm)) throw new Error('compared')
    const compared = [
      {legend: 'JS x86', sweep: x86.sweep},
      {legend: 'JS ARM64', sweep: arm.sweep},
    ] as const
    const url = powerTuningUrl({compared})
    expect(url.split('#')[1]?.split(';')).toHaveLength(8)
    expect(url).toMatch(/;JS%20x86;JS%20ARM64$/)
    expect(readPowerTuningUrl(url)).toEqual({compared})
  })

  it('keeps what a legend has in it of its own', () => {
    const compared = [
      {legend: 'a;b#c%', sweep: [shown(128, 1, 2)]},
      {legend: '', sweep: [shown(256, 3, 4)]},
    ] as const
    expect(readPowerTuningUrl(powerTuningUrl({compared}))).toEqual({compared})
  })

  it('T16: holds no size above 16 bits', () => {
    expect(powerTuningUrl({sweep: [shown(32_767, 1, 1)]})).toContain('/3')
    expect(() => powerTuningUrl({sweep: [shown(32_768, 1, 1)]})).toThrow('not 32768 MB')
  })

  it.each(['', 'https://example.org/', '#;;', '#gAAA;AAAA', '#gAAABA==;ACg3Rg==;437ON951zjc=', '#a;b;c;d;e;f;%;g'])(
    'is not %j',
    url => {
      expect(() => readPowerTuningUrl(url)).toThrow('no URL')
    },
  )
})
