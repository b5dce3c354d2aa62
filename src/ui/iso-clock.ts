/**
 * Epoch milliseconds as ISO 8601 UTC text with milliseconds. Remembers the last second: events come in order of time,
 * so the date is worked out once a second and not once an event.
 * @throws RangeError beyond what a Date can hold, as Date itself does
 */
export function isoClock(): (ms: number) => string {
  let second = Number.NaN
  let upToSecond = ''
  return ms => {
    const ofMs = Math.floor(ms / 1_000)
    if (ofMs !== second) {
      upToSecond = new Date(ofMs * 1_000).toISOString().slice(0, -4)
      second = ofMs
    }
    return upToSecond + (milliseconds[Math.floor(ms) - ofMs * 1_000] ?? '000Z')
  }
}

const milliseconds = Array.from({length: 1_000}, (_, ms) => `${String(ms).padStart(3, '0')}Z`)
