// Controls (with ESC, DEL and C1), format characters (bidi overrides and isolates, zero widths, tags), lone surrogates,
// line and paragraph separators: whatever moves, hides or reorders text on a terminal. NBSP is here to become a space.
const unsafe = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]--[\t\n]]/v
const unsafeRun = /\r\n|[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]--[\t\n]]/gv

// One class and no quantifier on the common path: nearly every log line is plain ASCII.
const beyondPlainAscii = /[^\t\n -~]/

/**
 * Text that came from outside, safe for a terminal: what a terminal would obey is made visible, `^[` for ESC as `cat -v`
 * and gh write it, `<U+202E>` where there is no caret form. Tabs and newlines stay for the caller to place; a carriage
 * return is a line break (Lambda's Python and Node runtimes join lines with it) and a no-break space a space.
 */
export function printable(text: string): string {
  if (!beyondPlainAscii.test(text) || !unsafe.test(text)) return text
  return text.replace(unsafeRun, visible)
}

/** {@link printable} for what belongs on one line, such as a name: breaks and tabs are made visible too. */
export function printableName(text: string): string {
  return printable(text).replaceAll('\n', '^J').replaceAll('\t', '^I')
}

// JSON escapes what is below a space by itself
const unsafeInJson = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

/** JSON of which a terminal obeys nothing; whoever parses it reads the same as before. */
export function inertJson(json: string): string {
  return json.replace(unsafeInJson, found =>
    found
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

function visible(found: string, index: number, text: string): string {
  if (found === '\r\n' || found === '\r') return '\n'
  if (found === '\u00a0') return ' '
  if ((found === '\u200d' || found === '\u200c') && joinsLetters(text, index)) return found
  const code = found.codePointAt(0) ?? 0
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
  if (code === 0x7f) return '^?'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Joiners belong inside emoji and in Persian or Indic words; next to ASCII, or to each other, they only hide something. */
function joinsLetters(text: string, index: number): boolean {
  const [before = ''] = /.$/su.exec(text.slice(Math.max(0, index - 2), index)) ?? []
  const behind = String.fromCodePoint(text.codePointAt(index + 1) ?? 0)
  return before > '\x7f' && behind > '\x7f' && !unsafe.test(before) && !unsafe.test(behind)
}
