import {type FileHandle, open} from 'node:fs/promises'
import {finished} from 'node:stream/promises'
import {UserError} from './errors.ts'
import {createOutput, type Output} from './output.ts'
import {fileFailure} from './services/file-failure.ts'

/** A file that is written piece by piece. */
export type FileOutput = Output & {
  /** Writes what is gathered and closes the file. Throws a UserError where not everything could be written. */
  close(): Promise<void>
}

async function opened(path: string): Promise<FileHandle> {
  const handle = await open(path, 'w', 0o600)
  // one that was there keeps its permissions; what is no plain file is somebody else's to protect
  if ((await handle.stat()).isFile()) await handle.chmod(0o600)
  return handle
}

/**
 * Opens a file anew, readable by its owner only: what was in it is gone.
 * @param hurry aborted when nobody should wait for a slow disk any more
 * @throws UserError where it cannot be written
 */
export async function openFileOutput(path: string, hurry: AbortSignal): Promise<FileOutput> {
  const broken = new AbortController()
  let failure: unknown
  const refused = (error: unknown): UserError => {
    const {code} = error as NodeJS.ErrnoException
    return new UserError(`could not write ${path}: ${fileFailure('write', error)}`, {
      code: code ?? 'Output',
      hint: 'check the folder, its permissions and the space on the disk',
    })
  }
  const handle = await opened(path).catch(error => Promise.reject(refused(error)))
  const stream = handle.createWriteStream()
  stream.on('error', error => {
    failure ??= error
    broken.abort()
  })
  const output = createOutput(stream, broken.signal, hurry)
  return {
    async write(text) {
      if (failure) throw refused(failure)
      await output.write(text)
    },
    flush: () => output.flush(),
    async close() {
      await output.flush()
      stream.end()
      await finished(stream).catch(error => {
        failure ??= error
      })
      if (failure) throw refused(failure)
    },
  }
}
