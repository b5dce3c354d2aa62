const bars = '▁▂▃▄▅▆▇█'
const digits = '0123456789'

/** Counts over time in so many columns, as high as the highest: `▁▁▂▅██`, or `001479` where bars cannot be shown. */
export function sparkline(counts: readonly number[], columns: number, unicode: boolean): string {
  const summed = resampled(counts, columns)
  const highest = Math.max(...summed)
  const marks = unicode ? bars : digits
  return summed.map(count => marks[level(count, highest, marks.length)] ?? '').join('')
}

/** What is there at all is seen: only nothing is lowest. */
function level(count: number, highest: number, levels: number): number {
  if (count <= 0 || highest <= 0) return 0
  return Math.max(1, Math.round((count / highest) * (levels - 1)))
}

function resampled(counts: readonly number[], columns: number): readonly number[] {
  const parts = Math.min(columns, counts.length)
  return Array.from({length: parts}, (_, i) => {
    const from = Math.floor((i * counts.length) / parts)
    const to = Math.floor(((i + 1) * counts.length) / parts)
    return counts.slice(from, to).reduce((sum, count) => sum + count, 0)
  })
}
