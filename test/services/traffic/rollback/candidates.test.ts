import {describe, expect, it} from 'vitest'
import {candidatesText} from '../../../../src/services/traffic/rollback/candidates.ts'

describe('the versions that somebody may mean', () => {
  it('are those before what serves, and then those that were published since', () => {
    const versions = ['43', '42', '41', '40', '39'].map(version => ({version, publishedAt: null}))
    const state = {version: '41', additional: null, description: '', revisionId: 'r1'}
    expect(candidatesText({state}, [], versions)).toBe(': 40, 39, 43, 42')
  })
})
