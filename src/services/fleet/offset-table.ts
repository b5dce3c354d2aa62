/** Numbers by numbers, 16 bytes a place: a Map of a million takes several times as much, and V8 goes through all of it. */
export type OffsetTable = {
  get(key: number): number | undefined
  /** @param value not negative */
  set(key: number, value: number): void
  /** @returns whether it was there */
  delete(key: number): boolean
}

const gone = -1
const mostFull = 0.7

/** An empty table. Keys are hashes: whole numbers above 0, evenly spread. */
export function createOffsetTable(places = 1_024): OffsetTable {
  let keys = new Float64Array(places)
  let values = new Float64Array(places)
  let used = 0

  /** where a key is, or belongs; 0 stands where there is none */
  function placeOf(key: number): number {
    let place = key % keys.length
    while (keys[place] !== 0 && keys[place] !== key) place = (place + 1) % keys.length
    return place
  }

  function grow(): void {
    const [oldKeys, oldValues] = [keys, values]
    keys = new Float64Array(oldKeys.length * 2)
    values = new Float64Array(oldKeys.length * 2)
    used = 0
    oldKeys.forEach((key, at) => {
      const value = oldValues[at] ?? gone
      if (key !== 0 && value !== gone) put(key, value)
    })
  }

  function put(key: number, value: number): void {
    const place = placeOf(key)
    if (keys[place] === 0) used++
    keys[place] = key
    values[place] = value
  }

  const get = (key: number): number | undefined => {
    const place = placeOf(key)
    const value = keys[place] === 0 ? gone : values[place]
    return value === gone ? undefined : value
  }
  return {
    get,
    set(key, value) {
      if (used >= keys.length * mostFull) grow()
      put(key, value)
    },
    delete(key) {
      const isThere = get(key) !== undefined
      if (isThere) values[placeOf(key)] = gone
      return isThere
    },
  }
}
