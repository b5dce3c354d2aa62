const firstPattern = 0x2800
/** the bits of a cell's dots: two columns of four rows */
const bits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/** Dots on a grid of cells, two across and four down in each. */
export type BrailleCanvas = {
  /** @param every of how many dots along it one is drawn: 1 for a solid line */
  line(from: Point, to: Point, every: number): void
  /** '' where nothing is in the cell */
  cell(column: number, row: number): string
}

/** In dots from the left and from the top. */
type Point = {readonly x: number; readonly y: number}

/** An empty grid of so many cells. */
export function brailleCanvas(columns: number, rows: number): BrailleCanvas {
  const cells = new Uint8Array(columns * rows)
  const dot = (x: number, y: number): void => {
    const [column, row] = [Math.floor(x / 2), Math.floor(y / 4)]
    if (column < 0 || row < 0 || column >= columns || row >= rows) return
    cells[row * columns + column] = (cells[row * columns + column] ?? 0) | (bits[x % 2 === 0 ? 0 : 1][y % 4] ?? 0)
  }
  return {
    line(from, to, every) {
      const steps = Math.max(1, Math.abs(to.x - from.x), Math.abs(to.y - from.y))
      for (let i = 0; i <= steps; i += every)
        dot(Math.round(from.x + ((to.x - from.x) * i) / steps), Math.round(from.y + ((to.y - from.y) * i) / steps))
    },
    cell(column, row) {
      const pattern = cells[row * columns + column] ?? 0
      return pattern === 0 ? '' : String.fromCharCode(firstPattern + pattern)
    },
  }
}
