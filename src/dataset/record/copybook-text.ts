// The text of a copybook, not yet compiled. It loads nothing of the compiler: threads start before this thread does that.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Source } from '../../cobol/options.ts'
import { unreadable } from '../file/system-error.ts'
import type { CopybookText } from './request.ts'

/** Reads a copybook (`-`: standard input), whose members are in these folders, else in its own. Throws FILE_UNREADABLE. */
export function readCopybookText(path: string, folders: readonly string[] | undefined): CopybookText {
  return { source: readSource(path), folders: folders ?? [path === '-' ? '.' : dirname(path)] }
}

/** Throws FILE_UNREADABLE. */
export function readSource(path: string): Source {
  try {
    return path === '-'
      ? { name: 'stdin', text: readFileSync(0, 'latin1') }
      : { name: path, text: readFileSync(path, 'latin1'), path: resolve(path) }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}
