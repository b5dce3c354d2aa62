import {expect, it} from 'vitest'
import {inertJson, printable, printableName} from '../../src/ui/printable.ts'

it.each([
  ['a window title', '\x1b]0;pwned\x07', '^[]0;pwned^G'],
  ['clearing the screen', '\x1b[2J', '^[[2J'],
  ['a colour', '\x1b[31mred', '^[[31mred'],
  ['an 8-bit CSI', '\x9b31m', '<U+009B>31m'],
  ['a device control string', '\x1bP1$q"p\x1b\\', '^[P1$q"p^[\\'],
  ['NUL, backspace and DEL', 'a\0b\bc\x7f', 'a^@b^Hc^?'],
  ['a bidi override', 'user\u202egnp.exe', 'user<U+202E>gnp.exe'],
  ['bidi isolates', '\u2066x\u2069', '<U+2066>x<U+2069>'],
  ['a zero-width space and a byte order mark', 'pass\u200bword\ufeff', 'pass<U+200B>word<U+FEFF>'],
  ['joiners that join nothing but each other', 'é\u200d\u200d\u200dé', 'é<U+200D><U+200D><U+200D>é'],
  ['a joiner beside a bidi override', 'é\u200c\u202eé', 'é<U+200C><U+202E>é'],
  ['a joiner between ASCII letters', 'ad\u200dmin', 'ad<U+200D>min'],
  ['tag characters', 'ok\u{e0041}', 'ok<U+E0041>'],
  ['line and paragraph separators', 'a\u2028b\u2029', 'a<U+2028>b<U+2029>'],
  ['a lone surrogate', 'a\ud83d!', 'a<U+D83D>!'],
])('T35 makes %s visible', (_, hostile, visible) => {
  expect(printable(hostile)).toBe(visible)
})

it.each([
  ['plain text with tabs and newlines', 'a\tb\nc'],
  ['accents, CJK and right-to-left letters', 'Zürich 猫と花 שלום مرحبا'],
  ['an emoji family with joiners', '👩‍👩‍👧‍👦 ❤️'],
  ['a Persian word with a non-joiner', 'می‌خواهم'],
])('leaves %s as it is', (_, text) => {
  expect(printable(text)).toBe(text)
})

it('T27 T28 reads a carriage return as a line break and a no-break space as a space', () => {
  expect(printable('Traceback:\r\u00a0\u00a0File\r\nend')).toBe('Traceback:\n  File\nend')
})

it('keeps a name on one line', () => {
  expect(printableName('a\tb\nc')).toBe('a^Ib^Jc')
})

it('changes nothing the second time', () => {
  const once = printable('\x1b[2J\u202e\ud800\0')
  expect(printable(once)).toBe(once)
})

it('T35 leaves nothing in JSON that a terminal would obey, and the same to whoever parses it', () => {
  const hostile = {message: 'a\x9b31m\x1b[2J\x7f \u202egnp \u{e0041} \u2028 é ✓'}
  const json = inertJson(JSON.stringify(hostile))
  expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(json).toContain(' é ✓')
  expect(JSON.parse(json)).toEqual(hostile)
})
