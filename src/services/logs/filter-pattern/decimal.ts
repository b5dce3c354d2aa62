const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** True for an integer, a decimal, or either in scientific notation, with an optional sign. */
export function isDecimal(text: string): boolean {
  return decimal.test(text)
}

/** Compares two decimals as written, without the rounding of doubles: negative, 0 or positive as `left` is less, equal or greater. */
export function compareDecimals(left: string, right: string): number {
  const a = parts(left)
  const b = parts(right)
  if (a.sign !== b.sign) return a.sign - b.sign
  return a.sign * (a.magnitude - b.magnitude || compareDigits(a.digits, b.digits))
}

/** 0.digits × 10^magnitude × sign, without zeros at either end of the digits; zero itself has sign 0. */
function parts(text: string): {sign: number; digits: string; magnitude: number} {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const significant = (whole + fraction).replace(/^0+/, '')
  const leadingZeros = whole.length + fraction.length - significant.length
  const digits = significant.replace(/0+$/, '')
  if (digits === '') return {sign: 0, digits, magnitude: 0}
  return {sign: text.startsWith('-') ? -1 : 1, digits, magnitude: whole.length - leadingZeros + Number(exponent)}
}

function compareDigits(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1
}
