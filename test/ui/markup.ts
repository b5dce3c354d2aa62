import {expect} from 'vitest'

const empty = new Set(['meta', 'br'])

/** Without the doctype, and with nothing between tags of style and script. */
export const wordless = (markup: string): string =>
  markup.replace('<!doctype html>', '').replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '<$1></$1>')

/** The elements in order; throws where it is not well-formed. */
export function elementsOf(markup: string): string[] {
  const open: string[] = []
  const names: string[] = []
  const body = wordless(markup)
  const rest = body.replace(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, end, name, __, isClosed) => {
    if (end) expect(open.pop()).toBe(name)
    else {
      names.push(name)
      if (!isClosed && !empty.has(name)) open.push(name)
    }
    return ''
  })
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<>]/)
  expect(rest).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
  return names
}

/** The words of a picture, without its marks. */
export const wordsOf = (markup: string): string =>
  markup.replaceAll(/<style>[\s\S]*?<\/style>/g, '').replaceAll(/<[^>]*>/g, '\n')
