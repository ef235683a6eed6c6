// GnuCOBOL as an oracle: compiles records and tells where it puts every item. It shares no code with src/.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Item, Layout } from '../../src/cobol/layout.ts'

export type Measured = { readonly offset: number; readonly length: number }

/** The dialects of cobc, by the names of src/cobol. */
const STANDARDS = {
  ibm: ['-std=ibm'],
  gnucobol: ['-std=default'],
  'gnucobol-ibm': ['-std=ibm'],
  'gnucobol-mvs': ['-std=mvs'],
  'gnucobol-bs2000': ['-std=bs2000'],
  // As its -std=mf-strict, and as the manual of Micro Focus: without IBMCOMP.
  microfocus: ['-std=mf', '-fsynchronized-clause=ignore'],
} as const

/** Compiles the records (free format) into one program; gives offset and length of each reference, in order. */
export function measure(
  records: string,
  references: readonly { readonly root: string; readonly reference: string }[],
  dialect: keyof typeof STANDARDS,
): Measured[] {
  const program = [
    'IDENTIFICATION DIVISION.',
    'PROGRAM-ID. ORACLE.',
    'DATA DIVISION.',
    'WORKING-STORAGE SECTION.',
    '01 ORACLE-P USAGE POINTER.',
    '01 ORACLE-N REDEFINES ORACLE-P PIC S9(18) COMP-5.',
    '01 ORACLE-BASE PIC S9(18) COMP-5.',
    '01 ORACLE-D PIC 9(9).',
    '01 ORACLE-L PIC 9(9).',
    records,
    'PROCEDURE DIVISION.',
    ...references.flatMap(({ root, reference }) => [
      `  SET ORACLE-P TO ADDRESS OF ${root}`,
      '  MOVE ORACLE-N TO ORACLE-BASE',
      `  SET ORACLE-P TO ADDRESS OF ${reference}`,
      '  COMPUTE ORACLE-D = ORACLE-N - ORACLE-BASE',
      `  MOVE LENGTH OF ${reference} TO ORACLE-L`,
      "  DISPLAY ORACLE-D ' ' ORACLE-L",
    ]),
    '  STOP RUN.',
  ]
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-oracle-'))
  try {
    writeFileSync(join(folder, 'oracle.cob'), `${program.join('\n')}\n`)
    execFileSync('cobc', ['-x', '-free', ...STANDARDS[dialect], '-w', '-o', 'oracle', 'oracle.cob'], {
      cwd: folder,
      stdio: 'pipe',
    })
    const output = execFileSync(join(folder, 'oracle'), { cwd: folder, encoding: 'utf8' })
    return output
      .trim()
      .split('\n')
      .map((line) => {
        const [offset, length] = line.trim().split(' ').map(Number)
        return { offset: offset ?? -1, length: length ?? -1 }
      })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** All named items of a layout as COBOL refers to their first occurrence. */
export function referencesOf({ root }: Layout): { root: string; reference: string; item: Item }[] {
  const found: { root: string; reference: string; item: Item }[] = []
  const visit = (item: Item, subscripts: number): void => {
    const own = subscripts + (item.occurs ? 1 : 0)
    if (item.name) {
      const first = own > 0 ? `(${Array.from({ length: own }, () => '1').join(' ')})` : ''
      found.push({ root: root.name ?? '', reference: item.name + first, item })
    }
    for (const child of item.children) visit(child, own)
  }
  visit(root, 0)
  return found
}
