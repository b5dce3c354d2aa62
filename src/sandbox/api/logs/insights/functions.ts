import {BlockList, isIP} from 'node:net'
import {numberOf, textOf, type Value} from './values.ts'

type Arity = {readonly least: number; readonly most: number}
type Scalar = Arity & {readonly apply: (...given: Value[]) => Value}

const any = Number.POSITIVE_INFINITY
const fn = (least: number, most: number, apply: Scalar['apply']): Scalar => ({least, most, apply})

const ofNumbers = (least: number, most: number, apply: (...numbers: number[]) => number): Scalar =>
  fn(least, most, (...given) => {
    const numbers = given.map(numberOf)
    return numbers.every(number => number !== undefined) ? finite(apply(...numbers)) : undefined
  })
const ofText = (least: number, most: number, apply: (text: string, ...rest: string[]) => Value): Scalar =>
  fn(least, most, (first, ...rest) =>
    first === undefined
      ? undefined
      : apply(textOf(first), ...rest.map(value => (value === undefined ? '' : textOf(value)))),
  )

/** The functions of one event, by name in lower case; user guide, "Boolean, comparison, numeric, datetime, and other functions". */
const functions: Readonly<Record<string, Scalar>> = {
  abs: ofNumbers(1, 1, Math.abs),
  ceil: ofNumbers(1, 1, Math.ceil),
  floor: ofNumbers(1, 1, Math.floor),
  greatest: ofNumbers(1, any, Math.max),
  least: ofNumbers(1, any, Math.min),
  log: ofNumbers(1, 1, Math.log),
  sqrt: ofNumbers(1, 1, Math.sqrt),

  ispresent: fn(1, 1, value => value !== undefined),
  coalesce: fn(1, any, (...values) => values.find(value => value !== undefined)),
  frommillis: fn(1, 1, value => {
    const time = numberOf(value)
    return time === undefined ? undefined : {time}
  }),
  // A whole number however large: shown digit by digit.
  tomillis: fn(1, 1, value => {
    const time = numberOf(value)
    return time === undefined ? undefined : String(time)
  }),

  isempty: fn(1, 1, value => value === undefined || textOf(value) === ''),
  isblank: fn(1, 1, value => value === undefined || textOf(value).trim() === ''),
  concat: fn(1, any, (...values) => values.map(value => (value === undefined ? '' : textOf(value))).join('')),
  strlen: ofText(1, 1, text => String(text.length)),
  toupper: ofText(1, 1, text => text.toUpperCase()),
  tolower: ofText(1, 1, text => text.toLowerCase()),
  ltrim: ofText(1, 2, (text, characters) => text.slice(leading(text, characters))),
  rtrim: ofText(1, 2, (text, characters) => text.slice(0, text.length - trailing(text, characters))),
  trim: ofText(1, 2, (text, characters) => {
    const rest = text.slice(leading(text, characters))
    return rest.slice(0, rest.length - trailing(rest, characters))
  }),
  substr: ofText(2, 3, (text, start, length) => {
    const from = Number(start)
    if (!(from >= 0)) return undefined
    return length === undefined ? text.slice(from) : text.slice(from, from + Math.max(0, Number(length) || 0))
  }),
  replace: ofText(3, 3, (text, search = '', replacement = '') =>
    search === '' ? text : text.replaceAll(search, () => replacement),
  ),
  strcontains: ofText(2, 2, (text, search = '') => (text.includes(search) ? 1 : 0)),

  isvalidip: ofText(1, 1, text => isIP(text) !== 0),
  isvalidipv4: ofText(1, 1, text => isIP(text) === 4),
  isvalidipv6: ofText(1, 1, text => isIP(text) === 6),
  isipinsubnet: ofText(2, 2, (text, subnet = '') => isInSubnet(text, subnet, [4, 6])),
  isipv4insubnet: ofText(2, 2, (text, subnet = '') => isInSubnet(text, subnet, [4])),
  isipv6insubnet: ofText(2, 2, (text, subnet = '') => isInSubnet(text, subnet, [6])),
}

const unbuilt = new Set(['jsonparse', 'jsonstringify', 'now'])

/** Whether AWS has a function of that name that is not built here. */
export const isKnownElsewhere = (name: string): boolean => unbuilt.has(name)

/** How many arguments a function takes; undefined when there is none of that name. Those on time take a period. */
export function arityOf(name: string): Arity | undefined {
  if (name === 'bin') return {least: 1, most: 1}
  if (name === 'datefloor' || name === 'dateceil') return {least: 2, most: 2}
  return functionNamed(name)
}

export function functionNamed(name: string): Scalar | undefined {
  return Object.hasOwn(functions, name) ? functions[name] : undefined
}

/** A result that is no number is none. */
export const finite = (number: number): number | undefined => (Number.isFinite(number) ? number : undefined)

const blank = /\s/

function leading(text: string, characters: string | undefined): number {
  let count = 0
  while (count < text.length && isTrimmed(text.charAt(count), characters)) count++
  return count
}

function trailing(text: string, characters: string | undefined): number {
  let count = 0
  while (count < text.length && isTrimmed(text.charAt(text.length - 1 - count), characters)) count++
  return count
}

const isTrimmed = (char: string, characters: string | undefined) =>
  characters === undefined ? blank.test(char) : characters.includes(char)

function isInSubnet(address: string, subnet: string, families: readonly number[]): boolean {
  const [network = '', prefix = ''] = subnet.split('/')
  const family = isIP(network)
  const isNetwork = families.includes(family) && /^\d+$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)
  if (!isNetwork || isIP(address) !== family) return false
  const list = new BlockList()
  const type = family === 4 ? 'ipv4' : 'ipv6'
  list.addSubnet(network, Number(prefix), type)
  return list.check(address, type)
}
