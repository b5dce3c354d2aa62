import {setFlagsFromString} from 'node:v8'

/**
 * To be called when much is about to pass through: holds V8's new space at the some 16 MB that it has by now. It would
 * grow to 128 MB, for nothing (bench/README.md).
 */
export function keepNewSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/**
 * To be called when much is about to be held: has V8 collect its old space each time it has grown by an eighth. It would let
 * it grow to up to four times what is in use before it looks (bench/README.md).
 */
export function keepHeapSmall(): void {
  keepNewSpaceSmall()
  setFlagsFromString('--heap-growing-percent=12')
}
