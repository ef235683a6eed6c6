// What the operating system refuses, in the words of the catalogue.

import { type Failure, failure } from '../../error/failure.ts'

/** Whether the system refused with this code: `EPIPE`. */
export function isSystemError(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code
}

/** What the system said, without the path that is shown anyway. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be opened',
    EISDIR: 'it is a folder',
    ENOSPC: 'the disk is full',
  }
  return words[code] ?? code
}

/** What a file said when it could not be opened or read. */
export function unreadable(file: string, cause: unknown): Failure {
  return failure('FILE_UNREADABLE', { file, reason: reasonOf(cause) }, { cause })
}

/** What standard output said when it took no more. */
export function unwritable(cause: unknown): Failure {
  return failure('OUTPUT_UNWRITABLE', { reason: reasonOf(cause) }, { cause })
}
