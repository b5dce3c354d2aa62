import {mkdir} from 'node:fs/promises'
import {dirname} from 'node:path'

/**
 * Makes a folder that its owner alone may read, and those above it, where they are not there. Node's own `recursive` never
 * comes back where a folder that is there says that a new one in it is not, as /proc does.
 * @throws what the system says
 */
export async function makeDirectory(directory: string): Promise<void> {
  const above = dirname(directory)
  const made = await makeOne(directory)
  if (made || above === directory) return
  await makeDirectory(above)
  // not there for want of its parent at first; for the second time it is an answer
  if (!(await makeOne(directory))) throw Object.assign(new Error(`no folder can be made in ${above}`), {code: 'ENOENT'})
}

/** false: the folder above is not there */
async function makeOne(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, {mode: 0o700})
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    if (code !== 'EEXIST') throw error
  }
  return true
}
