// When a one-time schedule runs.

/**
 * The moment of `at(2026-11-20T14:00:00)` in a time zone, epoch ms; null for another kind of expression, and for a day or time
 * that there is none of. A time that a zone's clocks leave out counts as if they did not.
 * @throws RangeError for what is no time zone
 */
export function oneTimeOf(expression: string, timezone: string): number | null {
  const [, date = '', time = ''] = /^at\((\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\)$/.exec(expression) ?? []
  const local = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(local) || new Date(local).toISOString() !== `${date}T${time}.000Z`) return null
  // the zone's offset then, from that of a moment nearby
  const near = local - offsetAt(local, timezone)
  return local - offsetAt(near, timezone)
}

/** How much a zone's clocks are ahead of UTC, in ms. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find(part => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - at
}
