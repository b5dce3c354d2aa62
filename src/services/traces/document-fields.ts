// Fields of a document that anybody may have written: what is not of the type it should have counts as absent.

export type Fields = Readonly<Record<string, unknown>>

const none: Fields = {}
/** Nothing that was traced ends after 2100: what says so tells no time. */
export const lastSecond = 4_102_444_800

/** What a text of JSON says; null for what is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object's fields; none for what is no object. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : none
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Text with something in it, or null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** The first text of a list, or of a value that should have been one. */
export function firstText(value: unknown): string | null {
  if (!Array.isArray(value)) return textOf(value)
  for (const item of value) {
    const text = textOf(item)
    if (text !== null) return text
  }
  return null
}

/** A finite number, or null; also one that was written as text. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** How often something happened; 0 for what tells nothing. */
export function countOf(value: unknown): number {
  const number = numberOf(value)
  return number === null || number < 0 ? 0 : Math.min(Math.floor(number), Number.MAX_SAFE_INTEGER)
}

/** Epoch seconds as epoch ms, to the microsecond, which is all that a double holds of them; null for what is no time. */
export function timeOf(value: unknown): number | null {
  const seconds = numberOf(value)
  return seconds === null || seconds < 0 || seconds > lastSecond ? null : Math.round(seconds * 1e6) / 1e3
}
