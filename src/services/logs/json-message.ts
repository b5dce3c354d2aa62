declare global {
  interface JSON {
    // ES2026 "JSON.parse source text access"; in Node since 21, in TypeScript's library not yet
    rawJSON(text: string): object
    parse(text: string, reviver: (key: string, value: unknown, context: {readonly source?: string}) => unknown): unknown
  }
}

/** A JSON number that JavaScript would write differently: as text and in JSON it is what the message had. */
export class VerbatimNumber extends Number {
  readonly source: string

  constructor(source: string) {
    super(source)
    this.source = source
  }

  override toString(): string {
    return this.source
  }

  toJSON(): object {
    return JSON.rawJSON(this.source)
  }
}

// A number, after what may stand before one in JSON, that may read back differently: 16 digits and more, a trailing zero
// after the point, an exponent, many leading zeros, minus zero. In a string it costs only the slower way.
const mayLoseDigits = /[:,[\s]-?(?:\d[\d.]{15}|\d+\.\d*0[\s,\]}]|0\.00000|\d[\d.]*[eE])|[:,[\s]-0|^-?\d/

/**
 * Parses JSON and keeps every number as it is written: `12345678901234567890`, `1.0`. Those that JavaScript would change
 * are VerbatimNumber objects; the others are plain. Undefined for what is not JSON; never throws.
 */
export function parseJson(text: string): unknown {
  try {
    return mayLoseDigits.test(text) ? JSON.parse(text, verbatim) : JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The JSON in a log message: the whole message, or what follows the prefix of a runtime (`time\trequestId\tINFO\t{…}`, the
 * text of an unhandled exception and `\r{…}`). Undefined where there is none.
 */
export function jsonIn(message: string): unknown {
  const first = message.charCodeAt(0)
  if (first === 0x7b || first === 0x5b) {
    const whole = parseJson(message)
    // "[INFO]\t…" is no array
    if (whole !== undefined) return whole
  }
  const at = message.search(afterPrefix)
  return at === -1 ? undefined : parseJson(message.slice(at))
}

const afterPrefix = /(?<=[\t\r\n]\s*)[{[]/

function verbatim(_key: string, value: unknown, {source}: {readonly source?: string}): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source
    ? new VerbatimNumber(source)
    : value
}
