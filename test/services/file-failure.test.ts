import {expect, test} from 'vitest'
import {fileFailure} from '../../src/services/file-failure.ts'

const failure = (code: string): Error => Object.assign(new Error(`${code}: as Node says, open '/x'`), {code})

test.each([
  ['read', 'ENOENT', 'there is no such file'],
  ['write', 'ENOENT', 'there is no such folder'],
  ['read', 'EACCES', 'it may not be read'],
  ['write', 'EACCES', 'it may not be written'],
  ['write', 'EISDIR', 'it is a folder'],
  ['write', 'ENOSPC', 'there is no space left on its disk'],
  ['write', 'EMFILE', "EMFILE: as Node says, open '/x'"],
] as const)('what cannot be %s for %s is said in words, where there are some', (doing, code, words) => {
  expect(fileFailure(doing, failure(code))).toBe(words)
})
