const words: Readonly<Record<'read' | 'write', Readonly<Record<string, string>>>> = {
  read: {ENOENT: 'there is no such file', EACCES: 'it may not be read', EPERM: 'it may not be read'},
  write: {
    ENOENT: 'there is no such folder',
    EACCES: 'it may not be written',
    EPERM: 'it may not be written',
    EROFS: 'its disk can only be read',
    ENOSPC: 'there is no space left on its disk',
  },
}
const either: Readonly<Record<string, string>> = {EISDIR: 'it is a folder', ENOTDIR: 'its folder is a file'}

/** What the system's code of a failure with a file means; what the system says where that is not known. */
export function fileFailure(doing: 'read' | 'write', error: unknown): string {
  const {code = '', message} = error as NodeJS.ErrnoException
  return words[doing][code] ?? either[code] ?? message
}
