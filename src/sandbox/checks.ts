// Whether what a file holds has a shape.

export type Check = (value: unknown) => boolean

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const isText: Check = value => typeof value === 'string'
export const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value)
export const isCount: Check = value => isNumber(value) && Number(value) >= 0
/** the last moment that a Date knows */
const lastMs = 8.64e15
export const isTime: Check = value => isCount(value) && Number(value) <= lastMs
export const isBoolean: Check = value => typeof value === 'boolean'
export const isTexts: Check = value => Array.isArray(value) && value.every(isText)
export const isMapOf =
  (is: Check): Check =>
  value =>
    isRecord(value) && Object.values(value).every(is)
export const isTextMap = isMapOf(isText)
export const isOneOf =
  (...values: readonly string[]): Check =>
  value =>
    values.some(each => each === value)
export const orNull =
  (is: Check): Check =>
  value =>
    value === null || is(value)
/** what may be left out */
export const orNone =
  (is: Check): Check =>
  value =>
    value === undefined || is(value)
export const isShaped =
  (members: Readonly<Record<string, Check>>): Check =>
  value =>
    isRecord(value) && Object.entries(members).every(([member, is]) => is(value[member]))
