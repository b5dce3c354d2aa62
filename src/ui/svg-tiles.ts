import {px} from './coldstarts-plots.ts'
import {cutAtEnd} from './columns.ts'
import {printableName} from './printable.ts'
import {xmlText} from './xml.ts'

/** A number that sums up, what it is, and what is behind it. */
export type Headline = {
  readonly value: string
  readonly of: string
  readonly more: string
  readonly isBad: boolean
}

export const tileHeight = 66
const tileGap = 12
const tilesAcross = 5

/** Up to five headlines beside each other. @param letter px of one of the small letters, at about */
export function svgTiles(
  all: readonly Headline[],
  {
    x: left,
    y,
    width,
    letter,
  }: {readonly x: number; readonly y: number; readonly width: number; readonly letter: number},
): readonly string[] {
  const wide = (width - tileGap * (tilesAcross - 1)) / tilesAcross
  const columns = Math.floor((wide - 24) / letter)
  return all.map(({value, of, more, isBad}, i) => {
    const x = left + i * (wide + tileGap)
    const line = (text: string, below: number, tone: string): string =>
      `<text class="${tone}" x="${px(x + 12)}" y="${y + below}">${xmlText(cutAtEnd(printableName(text), columns, '…'))}</text>`
    return [
      `<rect class="tile" x="${px(x)}" y="${y}" width="${px(wide)}" height="${tileHeight}" rx="6"/>`,
      line(value, 25, isBad ? 'value bad' : 'value'),
      line(of, 41, 'small'),
      line(more, 56, 'small dim'),
    ].join('')
  })
}

/** A headline as an item of a list on a page. */
export const htmlTile = ({value, of, more, isBad}: Headline): string =>
  `<li><strong${isBad ? ' class="bad"' : ''}>${xmlText(value)}</strong>${xmlText(of)}<small>${xmlText(more)}</small></li>`
