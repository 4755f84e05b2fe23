import { messageOf } from './errors.ts'
import { textField } from './json.ts'

/** Words of ours for the codes of Node's file errors that people meet. */
const reasons: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of its path is no directory',
  EISDIR: 'it is a directory',
  EACCES: 'this user may not do that',
  EPERM: 'this user may not do that',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'there is a file of that name already',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
}

/** Why a file could not be read or written, without its path, which the message around says as the user wrote it. */
export function fileReason(error: unknown): string {
  const code = textField(error, 'code')
  const known = code === undefined ? undefined : reasons[code]
  if (known !== undefined) return known
  // `EIO: i/o error, read '/home/…'`
  return /^E[A-Z0-9]+: (.+), \w+(?: '.*)?$/s.exec(messageOf(error))?.[1] ?? messageOf(error)
}
