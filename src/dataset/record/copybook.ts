// A copybook with its members, compiled from the disk.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compileCopybook } from '../../cobol/compile.ts'
import { type CopybookFolder, copybookLibrary, recordOf } from '../../cobol/copybook-library.ts'
import type { Layout, Note } from '../../cobol/layout.ts'
import type { Library, Source } from '../../cobol/options.ts'
import { type CodePage, codePage } from '../../codepage/code-page.ts'
import { type Failure, failure, isFailure } from '../../error/failure.ts'
import { readSource } from './copybook-text.ts'
import type { RecordsRequest, SelectRequest } from './request.ts'

/** A copybook without mistakes. */
export interface Copybook {
  readonly source: Source
  readonly layouts: readonly Layout[]
  readonly notes: readonly Note[]
}

/** Compiles a copybook. Throws the last of the mistakes in what is asked for; those before it go to `others`. */
export function compileText(
  request: Pick<RecordsRequest, 'copybook' | 'compiler' | 'record' | 'select'>,
  others: (mistake: Failure) => void = () => undefined,
): Copybook {
  const { copybook, compiler } = request
  const { source, folders } = copybook
  const options = { ...compiler, records: recordsIn(request), library: libraryOf(folders) }
  const { layouts, notes, failures } = compileCopybook(source, options)
  const last = failures.at(-1)
  if (!last) return { source, layouts, notes }
  for (const one of failures.slice(0, -1)) others(one)
  throw last
}

/** The records that a request is about; undefined for all. */
function recordsIn({ record, select }: Pick<RecordsRequest, 'record' | 'select'>): readonly string[] | undefined {
  if (select.length > 0) return select.map(({ name }) => name)
  return record === undefined ? undefined : [record]
}

/** The code page that is asked for, else that of the program's own CODEPAGE option, else cp037. Throws CODE_PAGE_UNKNOWN. */
export function pageOf({ layouts }: Pick<Copybook, 'layouts'>, asked: string | undefined): CodePage {
  return codePage(asked ?? layouts[0]?.codePage ?? 'cp037')
}

/** The record of a name, or the only one. Throws RECORD_UNKNOWN, RECORD_AMBIGUOUS. */
export function chosenLayout({ layouts, source }: Copybook, record: string | undefined): Layout {
  const layout = recordOf(layouts, source.name, record)
  if (isFailure(layout)) throw layout
  return layout
}

/** The records that `select` names, in the order of the copybook. Throws RECORD_UNKNOWN. */
export function selectedLayouts({ layouts }: Copybook, select: readonly SelectRequest[]): readonly Layout[] {
  const names = new Set(select.map(({ name }) => name))
  const known = layouts.map(({ name }) => name)
  for (const record of names) {
    if (!known.includes(record)) throw failure('RECORD_UNKNOWN', { record, known: known.join(', ') })
  }
  return layouts.filter(({ name }) => names.has(name))
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
