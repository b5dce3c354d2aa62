import {describe, expect, test} from 'vitest'
import {floorMB, parseMemorySizes} from '../../../src/services/tuning/memory-sizes.ts'

describe('memory sizes', () => {
  test.each([
    ['512', [512]],
    ['1024, 128,512', [128, 512, 1024]],
    ['128..3008', [128, 256, 512, 1024, 1536, 1769, 2048, 3008]],
    ['200..2000', [200, 256, 512, 1024, 1536, 1769, 2000]],
    ['3008..10240', [3008, 3538, 5307, 7076, 8845, 10240]],
    ['512..512', [512]],
    ['128 .. 512/128', [128, 256, 384, 512]],
    ['128..500/128', [128, 256, 384, 500]],
    ['128..256,1024,1000..1100/50', [128, 256, 1000, 1024, 1050, 1100]],
    ['512,512,512..512', [512]],
    ['1GB,512', [512, 1024]],
    ['512MB..2gb', [512, 1024, 1536, 1769, 2048]],
    ['10 GB', [10240]],
  ])('%s', (text, sizes) => {
    expect(parseMemorySizes(text)).toEqual(sizes)
  })

  test('a step as Power Tuning takes it comes to its 46 sizes', () => {
    expect(parseMemorySizes('128..3008/64')).toHaveLength(46)
  })

  test.each([
    ['', 'a size is missing'],
    ['128,,512', 'a size is missing'],
    ['127', 'from 128 to 10,240 MB, and not 127'],
    ['10241', 'from 128 to 10,240 MB, and not 10241'],
    ['512KB', '512KB is no size in MB'],
    ['1GB..', 'a size is missing'],
    ['11GB', 'and not 11GB'],
    ['1.5GB', '1.5GB is no size in MB'],
    ['1e3', '1e3 is no size in MB'],
    ['-512', '-512 is no size in MB'],
    ['512.5', '512.5 is no size in MB'],
    ['3008..128', '3008 is above 128'],
    ['128..', 'a size is missing'],
    ['..512', 'a size is missing'],
    ['128...512', '128...512 is no size in MB'],
    ['128..512/0', '0 is no step in MB'],
    ['128..512/', 'nothing is no step in MB'],
    ['128..512/-1', '-1 is no step in MB'],
    ['128..10240/1', 'more than 64 sizes'],
    [Array.from({length: 65}, (_, i) => 128 + i).join(), 'more than 64 sizes'],
  ])('%s is refused, with examples', (text, why) => {
    expect(() => parseMemorySizes(text)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(why),
        hint: expect.stringContaining('128..3008/64'),
        exitCode: 2,
      }),
    )
  })

  test('what was used fits in with a tenth of headroom, and no function has less than 128 MB', () => {
    expect([floorMB(240), floorMB(1024), floorMB(30)]).toEqual([264, 1127, 128])
  })
})
