// Members of COPY and records by name, in a library that is in memory.

import { expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import { copybookLibrary, recordOf } from '../../src/cobol/copybook-library.ts'
import { isFailure } from '../../src/error/failure.ts'

/** Folders in the order in which they are searched; a file holds its own path. */
const library = (...folders: readonly (readonly string[])[]) =>
  copybookLibrary(() =>
    folders.map((names, folder) => ({
      names: () => names,
      read: (name) => ({ name, text: `${folder}/${name}` }),
    })),
  )
const from = { name: 'HOST.cpy', text: '' }

test.each(['PART', 'PART.cpy', 'part.copy', 'Part.CBL', 'PART.cob', 'PART.dcl', 'PART.inc', 'part.TXT'])(
  '%s is the member PART',
  (file) => {
    expect(library(['OTHER.cpy', file])('PART', undefined, from)?.text).toBe(`0/${file}`)
  },
)

test.each(['copy/PART.cpy', '../copy/part', 'c:\\copy\\PART.CPY'])('%s is the member PART of any folder', (path) => {
  expect(library(['PART.cpy'])(path, undefined, from)?.text).toBe('0/PART.cpy')
})

test('a file of another ending is none', () => {
  expect(library(['PART.cpy~', 'PART.c', 'PARTS.cpy'])('PART', undefined, from)).toBeUndefined()
})

test('the first folder that has the member counts, and in it the first file', () => {
  expect(library([], ['X.cpy'], ['PART.inc', 'PART.cpy'], ['PART'])('part', undefined, from)?.text).toBe('2/PART.inc')
})

test.each([
  ['COPY.cpy', undefined, 'COPY.cpy'],
  ['./src//COPY.cpy', undefined, 'src/COPY.cpy'],
  ['c:\\src\\COPY.cpy', undefined, 'c:/src/./COPY.cpy'],
  ['COPY.cpy', '/home/src/COPY.cpy', '/home/src/COPY.cpy'],
])('a text is no member of itself: %s', (name, path, found) => {
  const folder = (text: string) => ({
    names: () => ['COPY.cpy'],
    read: () => ({
      name: text === 'itself' ? found : 'other/COPY.cpy',
      text,
      ...(path && text === 'itself' && { path }),
    }),
  })
  const asker = { name, text: '', ...(path && { path }) }
  expect(copybookLibrary(() => [folder('itself'), folder('another')])('COPY', undefined, asker)?.text).toBe('another')
  expect(copybookLibrary(() => [folder('itself')])('COPY', undefined, asker)).toBeUndefined()
})

test('searched is told the library and who asks', () => {
  const asked: unknown[] = []
  copybookLibrary((...args) => {
    asked.push(args)
    return []
  })('PART', 'LIB', from)
  expect(asked).toEqual([['LIB', from]])
})

test('a record is named in any case, or is the only one', () => {
  const { layouts } = compileCopybook(
    { name: 'TWO.cpy', text: '01 ONE. 05 A PIC X.\n01 TWO. 05 B PIC X.' },
    { format: 'free' },
  )
  const named = (record: string | undefined, count = 2) => {
    const found = recordOf(layouts.slice(0, count), 'TWO.cpy', record)
    return isFailure(found) ? `${found.code} ${JSON.stringify(found.facts)}` : found.name
  }
  expect(named('two')).toBe('TWO')
  expect(named(undefined, 1)).toBe('ONE')
  expect(named('THREE')).toBe('RECORD_UNKNOWN {"record":"THREE","known":"ONE, TWO"}')
  expect(named(undefined)).toBe('RECORD_AMBIGUOUS {"copybook":"TWO.cpy","known":"ONE, TWO"}')
})
