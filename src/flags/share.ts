import {usageError} from '../errors.ts'

/**
 * A share of a whole: `5%` or `0.05`.
 * @returns 0–1
 * @throws UserError (exit 2) for what is no number, and for less than nothing or more than all
 */
export function shareFrom(text: string, flag: string): number {
  const [, digits = '', percent] = /^(\d+(?:\.\d*)?|\.\d+)\s*(%?)$/.exec(text.trim()) ?? []
  const share = digits === '' ? Number.NaN : Number(digits) / (percent === '%' ? 100 : 1)
  if (Number.isNaN(share)) throw usageError(`${flag} ${text} is no share`, `give it as in ${flag} 5% or ${flag} 0.05`)
  if (share > 1) {
    const meant = percent === '' && share <= 100 ? `${digits}%` : '5%'
    throw usageError(`${flag} ${text} is more than all`, `from 0 to 1, or in percent, as in ${flag} ${meant}`)
  }
  return share
}
