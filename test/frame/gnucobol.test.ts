// Files that GnuCOBOL writes are read, and GnuCOBOL reads what we write.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { gnucobolVariable, type RecordFormat } from '../../src/frame/format.ts'
import { readRecords } from '../../src/frame/reader.ts'
import { recordWriter } from '../../src/frame/writer.ts'

const program = `
       IDENTIFICATION DIVISION.
       PROGRAM-ID. FILES.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT VAR-FILE ASSIGN TO 'var.dat' ORGANIZATION SEQUENTIAL.
           SELECT OUR-FILE ASSIGN TO 'our.dat' ORGANIZATION SEQUENTIAL
               FILE STATUS IS OUR-STATUS.
           SELECT TXT-FILE ASSIGN TO 'txt.dat'
               ORGANIZATION LINE SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD VAR-FILE RECORD IS VARYING FROM 1 TO 300 DEPENDING ON VAR-LEN.
       01 VAR-REC PIC X(300).
       FD OUR-FILE RECORD IS VARYING FROM 1 TO 300 DEPENDING ON OUR-LEN.
       01 OUR-REC PIC X(300).
       FD TXT-FILE.
       01 TXT-REC PIC X(20).
       WORKING-STORAGE SECTION.
       01 VAR-LEN PIC 9(4).
       01 OUR-LEN PIC 9(4).
       01 OUR-STATUS PIC XX VALUE '00'.
       PROCEDURE DIVISION.
           OPEN OUTPUT VAR-FILE TXT-FILE.
           MOVE ALL 'AB' TO VAR-REC. MOVE 3 TO VAR-LEN. WRITE VAR-REC.
           MOVE 260 TO VAR-LEN. WRITE VAR-REC.
           MOVE 'HELLO' TO TXT-REC. WRITE TXT-REC.
           MOVE SPACES TO TXT-REC. WRITE TXT-REC.
           CLOSE VAR-FILE TXT-FILE.
           OPEN INPUT OUR-FILE.
           PERFORM UNTIL OUR-STATUS NOT = '00'
               READ OUR-FILE
               IF OUR-STATUS = '00'
                   DISPLAY OUR-LEN ' ' OUR-REC(1:OUR-LEN)
               END-IF
           END-PERFORM.
           CLOSE OUR-FILE.
           STOP RUN.
`

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-frames-'))
  writeFileSync(join(folder, 'files.cob'), program)
  execFileSync('cobc', ['-x', '-std=default', 'files.cob'], { cwd: folder })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([0, 1, 2, 3] as const)('COB_VARSEQ_FORMAT %i, both ways', (varseq) => {
  const ours: Uint8Array[] = []
  const writer = recordWriter(gnucobolVariable(varseq), (bytes) => ours.push(bytes.slice()))
  for (const text of ['ONE', 'LONGER RECORD', 'X'.repeat(257)]) writer.write(Buffer.from(text))
  writer.end()
  writeFileSync(join(folder, 'our.dat'), Buffer.concat(ours))
  const env = { ...process.env, COB_VARSEQ_FORMAT: String(varseq) }
  const shown = execFileSync('./files', { cwd: folder, env, encoding: 'utf8' })
  expect(shown).toBe(`0003 ONE\n0013 LONGER RECORD\n0257 ${'X'.repeat(257)}\n`)
  const records = readRecords(gnucobolVariable(varseq), readFileSync(join(folder, 'var.dat')))
  expect(records.map((record) => Buffer.from(record).toString())).toEqual(['ABA', 'AB'.repeat(130)])
})

test('line-sequential', () => {
  const lines: RecordFormat = { kind: 'text', newline: [0x0a], blank: 0x20, length: 20 }
  const records = readRecords(lines, readFileSync(join(folder, 'txt.dat')))
  expect(records.map((record) => Buffer.from(record).toString())).toEqual(['HELLO'.padEnd(20), ' '.repeat(20)])
})
