// Draws what a program printed on a terminal as one SVG that needs nothing else, on light and on dark pages alike.
import stringWidth from 'string-width'

const background = '#0d1117'
const border = '#30363d'
const foreground = '#d1d7e0'
// black to white, then the bright ones; red, yellow and green as far from each other as from the background
const sixteen = [
  ...['#484f58', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#d1d7e0'],
  ...['#6e7681', '#ffa198', '#7ee787', '#f2cc60', '#a5d6ff', '#e2c5ff', '#b3f0ff', '#ffffff'],
]

// a cell of most monospaced fonts is 0.6 of their size wide
const size = 14
const cell = {width: 8.4, height: 20}
const margin = 24
const font = "ui-monospace,SFMono-Regular,'SF Mono',Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono',monospace"

const plain = {bold: false, dim: false, inverse: false, color: null, behind: null}

/**
 * A picture of a command at its prompt and of what it printed; rows longer than the terminal go on in the next.
 * Throws on control sequences that do more than style text, such as a progress display's.
 */
export function svgOf({command, output, columns}) {
  const prompt = `\x1b[32m$\x1b[39m \x1b[1m${command}\x1b[22m\n`
  const rows = rowsOf(prompt + output.trimEnd(), columns)
  const width = Math.ceil(columns * cell.width) + 2 * margin
  const height = rows.length * cell.height + 2 * margin
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${font}" font-size="${size}">`,
    `<title>${escaped(`$ ${command}`)}</title>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="${background}" stroke="${border}"/>`,
    `<g fill="${foreground}">`,
    ...rows.flatMap((pieces, i) => drawn(pieces, margin + i * cell.height)),
    '</g>',
    '</svg>',
  ].join('\n')}\n`
}

/** One row: what stands behind the text, then its words, each at its own column whatever the reader's font is. */
function drawn(pieces, top) {
  const behind = pieces.flatMap(({column, width, style}) => {
    const fill = style.inverse ? (style.color ?? foreground) : style.behind
    const box = `x="${at(column)}" y="${top}" width="${length(width)}" height="${cell.height}"`
    return fill === null ? [] : [`<rect ${box} fill="${fill}"/>`]
  })
  const words = pieces.flatMap(({text, column, style}) =>
    // SVG drops spaces at the ends and folds the others: where there are several, the text goes on at its column
    [...text.matchAll(/\S+(?: \S+)*/gu)].map(({0: words, index}) => {
      const x = at(column + stringWidth(text.slice(0, index)))
      return `<tspan x="${x}" textLength="${length(stringWidth(words))}"${painted(style)}>${escaped(words)}</tspan>`
    }),
  )
  if (words.length === 0) return behind
  return [...behind, `<text y="${top + 15}">${words.join('')}</text>`]
}

function painted({bold, dim, inverse, color, behind}) {
  const ink = inverse ? (behind ?? background) : (color ?? foreground)
  const fill = dim ? faded(ink) : ink
  return `${fill === foreground ? '' : ` fill="${fill}"`}${bold ? ' font-weight="bold"' : ''}`
}

const at = column => length(column, margin)
const length = (columns, from = 0) => Number((from + columns * cell.width).toFixed(1))

/** Printed text as rows of pieces of one style: `{text, column, width, style}`. */
function rowsOf(output, columns) {
  const rows = []
  let style = plain
  for (const line of output.split(/\r?\n/)) {
    let row = []
    let column = 0
    rows.push(row)
    for (const {styled, text} of tokens(line)) {
      if (styled !== undefined) style = restyled(style, styled)
      for (const {segment} of new Intl.Segmenter().segment(text ?? '')) {
        const width = stringWidth(segment)
        if (column + width > columns) {
          row = []
          column = 0
          rows.push(row)
        }
        const last = row.at(-1)
        if (last?.style === style) {
          last.text += segment
          last.width += width
        } else {
          row.push({text: segment, column, width, style})
        }
        column += width
      }
    }
  }
  return rows
}

function tokens(line) {
  const found = [...line.matchAll(/\x1b\[(?<styled>[\d;]*)m|(?<text>[^\x00-\x1f\x7f]+)|(?<other>.)/gs)]
  return found.map(({groups}) => {
    if (groups.other !== undefined) throw new Error(`more than styled text: ${JSON.stringify(line)}`)
    return groups
  })
}

/** The style after a "select graphic rendition" sequence with these parameters. */
function restyled(before, parameters) {
  const codes = parameters.split(';').map(Number)
  let style = before
  while (codes.length > 0) {
    const code = codes.shift()
    if (code === 38) style = {...style, color: extended(codes)}
    else if (code === 48) style = {...style, behind: extended(codes)}
    else style = {...style, ...change(code)}
  }
  return style
}

function change(code) {
  if (code >= 30 && code <= 37) return {color: sixteen[code - 30]}
  if (code >= 90 && code <= 97) return {color: sixteen[code - 90 + 8]}
  if (code >= 40 && code <= 47) return {behind: sixteen[code - 40]}
  if (code >= 100 && code <= 107) return {behind: sixteen[code - 100 + 8]}
  const changes = {
    0: plain,
    1: {bold: true},
    2: {dim: true},
    7: {inverse: true},
    22: {bold: false, dim: false},
    27: {inverse: false},
    39: {color: null},
    49: {behind: null},
  }
  if (!(code in changes)) throw new Error(`a style without a picture: ${code}`)
  return changes[code]
}

/** Takes `5;N` of xterm's 256 colours, or `2;R;G;B`, off the codes. */
function extended(codes) {
  if (codes.shift() === 2) return hex(codes.splice(0, 3))
  const n = codes.shift()
  if (n < 16) return sixteen[n]
  if (n >= 232) return hex([n, n, n].map(gray => 8 + 10 * (gray - 232)))
  const levels = [0, 95, 135, 175, 215, 255]
  return hex([36, 6, 1].map(step => levels[Math.floor((n - 16) / step) % 6]))
}

/** A colour as terminals show it dim: partly the background. */
function faded(color) {
  const under = rgb(background)
  return hex(rgb(color).map((value, i) => Math.round(0.56 * value + 0.44 * under[i])))
}

const rgb = color => [1, 3, 5].map(i => Number.parseInt(color.slice(i, i + 2), 16))
const hex = values => `#${values.map(value => value.toString(16).padStart(2, '0')).join('')}`

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
