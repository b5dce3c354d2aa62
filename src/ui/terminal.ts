/** What the output can show, found out once at the process edge. */
export type Terminal = {
  /** the width to fit; means nothing where `isTTY` is false: piped text is never wrapped */
  readonly columns: number
  /** the width that COLUMNS asks for where it is no terminal: for what is drawn, which has to have one */
  readonly pipedColumns?: number
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
  /** asks to be looked at */
  readonly warn: string
  /** of a function */
  readonly lambda: string
  readonly times: string
  readonly minus: string
  readonly atLeast: string
  /** to what came of it, and back to what it came from */
  readonly leadsTo: string
  readonly cameFrom: string
  /** of a tree: beside a child, the last one, and what is below either */
  readonly tree: {readonly child: string; readonly last: string; readonly below: string}
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
  warn: '▲',
  lambda: 'λ',
  times: '×',
  minus: '−',
  atLeast: '≥',
  leadsTo: '⤷',
  cameFrom: '⤴',
  tree: {child: '├ ', last: '└ ', below: '│ '},
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
  warn: '!',
  lambda: 'fn',
  times: 'x',
  minus: '-',
  atLeast: '>=',
  leadsTo: '`->',
  cameFrom: '<-',
  tree: {child: '|-', last: '`-', below: '| '},
}

/** The glyphs this terminal can show. */
export function glyphsFor(terminal: Pick<Terminal, 'unicode'>): Glyphs {
  return terminal.unicode ? unicode : plain
}

// of what is read later, or by others, in a file or a ticket
const columnsOfText = 100

/** The width of what is drawn, which has to have one: the terminal's; where it is none, what COLUMNS says. */
export const drawingColumns = ({isTTY, columns, pipedColumns = columnsOfText}: Terminal): number =>
  isTTY ? columns : pipedColumns

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
  const pipedColumns = isTTY ? 0 : Number(COLUMNS)
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
  const byEnvironment = !NO_COLOR && (isForced || (isTTY && !isDumb))
  return {
    columns: stream.columns || Number(COLUMNS) || 80,
    ...(pipedColumns > 0 && {pipedColumns}),
    ...(stream.rows && {rows: stream.rows}),
    color: color === 'always' || (color === 'auto' && byEnvironment),
    unicode: !isDumb && (platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'UTF-8')),
    isTTY,
  }
}
