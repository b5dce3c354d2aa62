/** What the output can show, found out once at the process edge. */
export type Terminal = {
  /** the width to fit; means nothing where `isTTY` is false: piped text is never wrapped */
  readonly columns: number
  /** the height, of a terminal that tells it */
  readonly rows?: number
  readonly color: boolean
  /** false for TERM=dumb and locales that are not UTF-8: every glyph then shows as its plain twin */
  readonly unicode: boolean
  readonly isTTY: boolean
}

export type Glyphs = {
  readonly fail: string
  readonly ok: string
  readonly late: string
  readonly metric: string
  /** stands between facts on one line, with a space at each side */
  readonly dot: string
  readonly ellipsis: string
  /** between the ends of a range */
  readonly to: string
  readonly rule: string
  /** from what was to what is */
  readonly arrow: string
  readonly bar: {readonly full: string; readonly empty: string}
}

const unicode: Glyphs = {
  fail: '✗',
  ok: '✓',
  late: '⟲',
  metric: '◇',
  dot: '·',
  ellipsis: '…',
  to: '–',
  rule: '─',
  arrow: '→',
  bar: {full: '▰', empty: '▱'},
}

const plain: Glyphs = {
  fail: 'FAIL',
  ok: 'ok',
  late: '<-',
  metric: '*',
  dot: '-',
  ellipsis: '..',
  to: '-',
  rule: '-',
  arrow: '->',
  bar: {full: '#', empty: '.'},
}

/** The glyphs this terminal can show. */
export function glyphsFor(terminal: Pick<Terminal, 'unicode'>): Glyphs {
  return terminal.unicode ? unicode : plain
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What a stream can show. `NO_COLOR`, `FORCE_COLOR`, `TERM=dumb` and the locale are honoured; a flag goes before them.
 * @param color of `--color`
 */
export function terminalOf(
  stream: {readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number},
  {NO_COLOR, FORCE_COLOR, TERM, COLUMNS, LC_ALL, LC_CTYPE, LANG}: Environment,
  platform: string,
  color: 'auto' | 'always' | 'never',
): Terminal {
  const isTTY = stream.isTTY === true
  const isDumb = TERM === 'dumb'
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
  const byEnvironment = !NO_COLOR && (isForced || (isTTY && !isDumb))
  return {
    columns: stream.columns || Number(COLUMNS) || 80,
    ...(stream.rows && {rows: stream.rows}),
    color: color === 'always' || (color === 'auto' && byEnvironment),
    unicode: !isDumb && (platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'UTF-8')),
    isTTY,
  }
}
