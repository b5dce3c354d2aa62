import {Chalk} from 'chalk'
import type {Terminal} from './terminal.ts'

/** What a piece of text means; its colour follows. */
export type Tone = 'plain' | 'strong' | 'dim' | 'bad' | 'look' | 'good'

export type Palette = {
  /** colour by meaning: red is broken, yellow asks to be looked at, green is good, dim is context */
  tone(tone: Tone, text: string): string
  /** what the user asked to have marked, on top of the text's own colour */
  highlight(tone: Tone, text: string): string
  /** where somebody stands in a list, on top of the colours the text has */
  selected(text: string): string
  /** a function's own hue, the same in every run */
  hue(name: string, text: string): string
}

// xterm's 256 colours without red, yellow and green, which mean something; each has a contrast of at least 3.5 with
// black and with white, so that names can be read on dark and on light terminals.
export const hues = [29, 30, 31, 32, 33, 67, 68, 61, 62, 63, 99, 98, 134, 128, 133, 132] as const

/** The colours of one terminal; without colour every text comes back as it is. */
export function paletteFor(terminal: Pick<Terminal, 'color'>): Palette {
  if (!terminal.color)
    return {tone: (_, text) => text, highlight: (_, text) => text, selected: text => text, hue: (_, text) => text}
  // an instance of its own: chalk's global one looks at the process, and stdout and stderr may differ
  const chalk = new Chalk({level: 2})
  const paint: Record<Tone, (text: string) => string> = {
    plain: text => text,
    strong: chalk.bold,
    dim: chalk.dim,
    bad: chalk.red,
    look: chalk.yellow,
    good: chalk.green,
  }
  const hued = hues.map(hue => chalk.ansi256(hue))
  return {
    tone: (tone, text) => (text === '' ? text : paint[tone](text)),
    highlight: (tone, text) => chalk.inverse.bold(tone === 'dim' ? text : paint[tone](text)),
    selected: text => chalk.inverse(text),
    hue: (name, text) => (hued[fnv1a(name) % hued.length] ?? chalk.bold)(text),
  }
}

/** 32-bit FNV-1a over UTF-16 code units: spreads names that differ in one letter. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
