import {createHash} from 'node:crypto'
import {xmlText} from './xml.ts'

export type HtmlPage = {
  readonly title: string
  /** CSS */
  readonly style: string
  /** JavaScript; null: the page runs nothing */
  readonly script: string | null
  /** as HTML; empty parts are left out */
  readonly main: readonly string[]
}

/** A page that needs nothing but itself: it takes its own style and script by what they hold, and nothing else from anywhere. */
export function htmlPage({title, style, script, main}: HtmlPage): string {
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === null ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${xmlText(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...main.filter(part => part !== ''),
    '</main>',
    ...(script === null ? [] : [`<script>${script}</script>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
