import {expect, test} from 'vitest'
import {terminalOf} from '../../src/ui/terminal.ts'

const tty = {isTTY: true, columns: 120}
const utf8 = {LANG: 'de_DE.UTF-8', TERM: 'xterm'}

test.each([
  ['a terminal has colour', tty, utf8, 'auto', true],
  ['a pipe has none', {}, utf8, 'auto', false],
  ['NO_COLOR takes it away', tty, {...utf8, NO_COLOR: '1'}, 'auto', false],
  ['an empty NO_COLOR says nothing', tty, {...utf8, NO_COLOR: ''}, 'auto', true],
  ['FORCE_COLOR gives it to a pipe', {}, {...utf8, FORCE_COLOR: '1'}, 'auto', true],
  ['TERM=dumb has none', tty, {TERM: 'dumb'}, 'auto', false],
  ['--color always goes before NO_COLOR', {}, {NO_COLOR: '1'}, 'always', true],
  ['--color never goes before FORCE_COLOR', tty, {FORCE_COLOR: '1'}, 'never', false],
] as const)('T43 %s', (_, stream, environment, flag, color) => {
  expect(terminalOf(stream, environment, 'linux', flag).color).toBe(color)
})

test('T43 glyphs are plain for dumb terminals and for locales without UTF-8', () => {
  expect(terminalOf(tty, utf8, 'linux', 'auto').unicode).toBe(true)
  expect(terminalOf(tty, {LANG: 'C'}, 'linux', 'auto').unicode).toBe(false)
  expect(terminalOf(tty, {...utf8, TERM: 'dumb'}, 'linux', 'auto').unicode).toBe(false)
  expect(terminalOf(tty, {LANG: 'C'}, 'win32', 'auto').unicode).toBe(true)
})

test('COLUMNS is the width of what is drawn into a pipe; a terminal knows its own', () => {
  expect(terminalOf({}, {...utf8, COLUMNS: '40'}, 'linux', 'auto').pipedColumns).toBe(40)
  expect(terminalOf({}, {...utf8, COLUMNS: 'wide'}, 'linux', 'auto').pipedColumns).toBeUndefined()
  expect(terminalOf(tty, {...utf8, COLUMNS: '40'}, 'linux', 'auto')).toMatchObject({columns: 120})
  expect(terminalOf(tty, {...utf8, COLUMNS: '40'}, 'linux', 'auto').pipedColumns).toBeUndefined()
})
