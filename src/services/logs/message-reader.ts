import {parseJson} from './json-message.ts'
import {continues} from './stitch.ts'
import {readPrefix} from './text-prefix.ts'

/** How messages are read, for those who draw them. */
export const messageReader = {readPrefix, parseJson, continues}
