/**
 * How often: `27/min`, `1.1/min`, `3/h`, `2/d`, by the largest unit of time in which it is a number people can think of; or
 * where it is known by invocation, `4.8 %` of them.
 */
export function errorRate(perMinute: number, perInvocation: number | null, count: number): string {
  if (perInvocation !== null) return `${digits(perInvocation * 100)} %`
  if (count === 0 || perMinute <= 0) return '0/min'
  const [amount, unit] =
    perMinute >= 0.95 ? [perMinute, 'min'] : perMinute * 60 >= 0.95 ? [perMinute * 60, 'h'] : [perMinute * 1_440, 'd']
  return `${digits(amount)}/${unit}`
}

/** Two digits that say something. */
function digits(amount: number): string {
  if (amount === 0) return '0'
  if (amount >= 9.95) return String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, ',')
  return String(Number(amount.toPrecision(2)))
}
