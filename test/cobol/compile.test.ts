// The whole compiler on the copybooks that ship with the product.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Library } from '../../src/cobol/options.ts'

const folder = new URL('../../copybooks/deposits/', import.meta.url)
const library: Library = (member) => {
  const url = new URL(`${member}.cpy`, folder)
  return existsSync(url) ? { name: `deposits/${member}.cpy`, text: readFileSync(url, 'utf8') } : undefined
}

function compiled(file: string) {
  return compileCopybook({ name: `deposits/${file}`, text: readFileSync(new URL(file, folder), 'utf8') }, { library })
}

describe('the copybooks of the example bank', () => {
  const records = readdirSync(folder).filter((file) => file !== 'ENTRY.cpy')

  test.each(records)('%s compiles to one record', (file) => {
    const { layouts, failures } = compiled(file)
    expect(failures).toEqual([])
    expect(layouts).toHaveLength(1)
  })

  test('a member that needs REPLACING says so, once', () => {
    const { layouts, failures } = compiled('ENTRY.cpy')
    expect(layouts.map(({ name }) => name)).toEqual([])
    expect(failures.map(({ code }) => code)).toEqual(['TAG_NOT_REPLACED'])
  })

  test('LSTENT: the tag of the copied entry is replaced, the table depends on its counter', () => {
    const layout = compiled('LSTENT.cpy').layouts[0]
    const table = layout?.root.children[1]?.children[2]
    expect(table?.children.map(({ name }) => name)).toContain('LE-ENTRY-NUMBER')
    expect(table?.occurs).toMatchObject({ minimum: 0, maximum: 50, counter: { name: 'LE-ENTRY-COUNT' } })
    expect(layout).toMatchObject({ minimumLength: 18, maximumLength: 18 + 50 * 86 })
  })
})
