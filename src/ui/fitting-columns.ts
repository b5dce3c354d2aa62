export type FittingColumn = {
  readonly columns: number
  /** what goes first where there is no room for all: the least */
  readonly keep: number
}

/** As many columns as there is room for, each with `gap` before it; one always. */
export function fittingColumns<C extends FittingColumn>(all: readonly C[], room: number, gap: number): readonly C[] {
  const kept = [...all]
  while (kept.length > 1 && kept.reduce((total, {columns}) => total + columns + gap, 0) > room) {
    const least = kept.reduce((a, b) => (b.keep < a.keep ? b : a))
    kept.splice(kept.indexOf(least), 1)
  }
  return kept
}
