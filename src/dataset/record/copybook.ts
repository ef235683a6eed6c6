// A copybook with its members, compiled from the disk.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compileCopybook } from '../../cobol/compile.ts'
import { type CopybookFolder, copybookLibrary, recordOf } from '../../cobol/copybook-library.ts'
import type { Layout, Note } from '../../cobol/layout.ts'
import type { Library, Source } from '../../cobol/options.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import { readSource } from './copybook-text.ts'
import type { RecordsRequest } from './request.ts'

/** A copybook without mistakes. */
export interface Copybook {
  readonly source: Source
  readonly layouts: readonly Layout[]
  readonly notes: readonly Note[]
}

/** Compiles a copybook. Throws the last of its mistakes; those before it go to `others`. */
export function compileText(
  { copybook, compiler }: Pick<RecordsRequest, 'copybook' | 'compiler'>,
  others: (mistake: Failure) => void = () => undefined,
): Copybook {
  const { source, folders } = copybook
  const { layouts, notes, failures } = compileCopybook(source, { ...compiler, library: libraryOf(folders) })
  const last = failures.at(-1)
  if (!last) return { source, layouts, notes }
  for (const one of failures.slice(0, -1)) others(one)
  throw last
}

/** The record of a name, or the only one. Throws RECORD_UNKNOWN, RECORD_AMBIGUOUS. */
export function chosenLayout({ layouts, source }: Copybook, record: string | undefined): Layout {
  const layout = recordOf(layouts, source.name, record)
  if (isFailure(layout)) throw layout
  return layout
}

/** Members are looked for in each folder, before it in its folder of the library that COPY names. */
function libraryOf(folders: readonly string[]): Library {
  return copybookLibrary((library) =>
    folders
      .flatMap((one) => (library === undefined ? [one] : [join(one, library.toLowerCase()), join(one, library), one]))
      .map(folderOnDisk),
  )
}

function folderOnDisk(folder: string): CopybookFolder {
  return { names: () => filesOf(folder), read: (name) => readSource(join(folder, name)) }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // A folder that does not exist holds no members; COPY then names the member it misses.
  }
}
