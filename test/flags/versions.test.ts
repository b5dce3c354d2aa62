import {describe, expect, it} from 'vitest'
import {earlierVersionFrom} from '../../src/flags/versions.ts'

describe('the version to go back to', () => {
  it('is named by its number, or by nobody', () => {
    expect(earlierVersionFrom(' 41 ')).toBe('41')
    expect(earlierVersionFrom(undefined)).toBeNull()
  })

  it.each(['$LATEST', 'latest', '', '0', '-1', '041', 'v41'])('is not %j', to => {
    expect(() => earlierVersionFrom(to)).toThrow(expect.objectContaining({exitCode: 2}))
  })
})
