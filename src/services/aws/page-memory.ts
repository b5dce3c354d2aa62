export type PageMemory = {
  /** Reads a body to its end. `release` lets its memory be used for another: the bytes are not to be read any more. */
  collect(body: AsyncIterable<Uint8Array>): Promise<{readonly bytes: Uint8Array; readonly release: () => void}>
}

/** a full page of 1 MB and some more */
const roomBytes = 1.25 * 2 ** 20
/** smaller answers get memory of their own size */
const smallBytes = 128 * 1024

/**
 * Memory for pages that wait for their turn, used again and again: made anew for each of hundreds of pages, it would lie
 * about until the next garbage collection and leave the process with holes of twice its size.
 */
export function createPageMemory(): PageMemory {
  const free: ArrayBuffer[] = []
  const nothing = (): void => {}

  return {
    async collect(body) {
      const room = free.pop() ?? new ArrayBuffer(roomBytes)
      let bytes = new Uint8Array(room)
      let length = 0
      try {
        for await (const chunk of body) {
          if (length + chunk.length > bytes.length) {
            const larger = new Uint8Array(Math.max(2 * bytes.length, length + chunk.length))
            larger.set(bytes)
            bytes = larger
          }
          bytes.set(chunk, length)
          length += chunk.length
        }
      } catch (error) {
        free.push(room)
        throw error
      }
      if (bytes.buffer === room && length >= smallBytes)
        return {bytes: bytes.subarray(0, length), release: () => void free.push(room)}
      const own = bytes.slice(0, length)
      free.push(room)
      return {bytes: own, release: nothing}
    },
  }
}
