// Where the copybooks, WSDLs and schemas of a project are read from: its folder, or what was kept of it with a build.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

/** The files of a project, on disk or kept with a build. */
export interface ProjectFiles {
  /** The text of a file below the project, by its path from there; undefined when there is none. `latin1` gives a character for each byte. */
  read(path: string, encoding: 'latin1' | 'utf8'): string | undefined
  /** The paths of all files below a folder of the project, in one order everywhere. */
  below(folder: string): readonly string[]
}

/** A folder is looked through once: changes after that are for the next one who reads the project. */
export function filesOnDisk(root: string): ProjectFiles {
  const known = new Map<string, readonly string[]>()
  const list = (folder: string) => {
    const place = join(root, folder)
    if (!existsSync(place)) return []
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((one) => !one.isDirectory())
      .map((one) => join(relative(root, one.parentPath), basename(one.name)))
      .sort()
  }
  return {
    read: (path, encoding) => {
      const file = join(root, path)
      return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, encoding) : undefined
    },
    below: (folder) => {
      const paths = known.get(folder) ?? list(folder)
      known.set(folder, paths)
      return paths
    },
  }
}

/** What `recording` has noted. Each file is found again where it was found, as none stands before it that did not then. */
export function filesInMemory(texts: Readonly<Record<string, string>>): ProjectFiles {
  const paths = Object.keys(texts).sort()
  return {
    read: (path) => (Object.hasOwn(texts, path) ? texts[path] : undefined),
    below: (folder) => paths.filter((path) => path.startsWith(join(folder, '/'))),
  }
}

/** The same files; every one that is read is noted with its text. */
export function recording(files: ProjectFiles): {
  readonly files: ProjectFiles
  readonly noted: Record<string, string>
} {
  const noted: Record<string, string> = {}
  const read: ProjectFiles['read'] = (path, encoding) => {
    const text = files.read(path, encoding)
    if (text !== undefined) noted[path] = text
    return text
  }
  return { files: { ...files, read }, noted }
}
