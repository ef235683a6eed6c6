// A library of copybooks in folders: which file holds the member that COPY names, and which record of a copybook is meant.

import { type Failure, failure } from '../error/failure.ts'
import type { Layout } from './layout.ts'
import type { Library, Source } from './options.ts'

/** How the file of a member may end, in upper or lower case. */
const endings = ['', '.cpy', '.copy', '.cbl', '.cob', '.dcl', '.inc', '.txt']

/** A folder of copybooks, wherever it is kept. */
export interface CopybookFolder {
  /** The files that the folder holds; none where there is no such folder. */
  names(): readonly string[]
  read(name: string): Source | undefined
}

/** Looks for members in the folders that `searched` gives for a COPY, in their order. A text is never a member of itself. */
export function copybookLibrary(
  searched: (library: string | undefined, from: Source) => readonly CopybookFolder[],
): Library {
  return (member, library, from) => {
    // A path, as programs of other compilers than IBM's have it, means folders that need not be those here.
    const file = member.split(/[\\/]/).at(-1) ?? member
    const wanted = new Set(endings.map((ending) => `${file}${ending}`.toUpperCase()))
    for (const folder of searched(library, from)) {
      for (const name of folder.names().filter((one) => wanted.has(one.toUpperCase()))) {
        const found = folder.read(name)
        if (found !== undefined && pathOf(found) !== pathOf(from)) return found
      }
    }
    return undefined
  }
}

/** Where a text lies, without what makes no difference: `./src//INQ.cbl` is `src/INQ.cbl`. */
function pathOf({ path, name }: Source): string {
  return (path ?? name)
    .replaceAll('\\', '/')
    .replace(/\/(?:\.?\/)+/g, '/')
    .replace(/^(?:\.\/)+/, '')
}

/** The record of a name, or the only one where there is no name. A failure is RECORD_UNKNOWN or RECORD_AMBIGUOUS. */
export function recordOf(layouts: readonly Layout[], copybook: string, record: string | undefined): Layout | Failure {
  const known = layouts.map((layout) => layout.name).join(', ')
  if (record !== undefined) {
    return layouts.find(({ name }) => name === record.toUpperCase()) ?? failure('RECORD_UNKNOWN', { record, known })
  }
  const [only, ...others] = layouts
  return only && others.length === 0 ? only : failure('RECORD_AMBIGUOUS', { copybook, known })
}
