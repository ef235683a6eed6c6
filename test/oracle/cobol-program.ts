// GnuCOBOL as the oracle: one subprogram a record that (mode P) tells where it put every item, and (mode R) moves values to the items and
// gives the record's bytes. A small C program calls them. Text becomes host text by a table from glibc's iconv; COMP-5 is turned to
// big-endian, as on z/OS. Nothing of src/ is used.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { charactersOfCp037 } from '../mainframe/host.ts'
import { type Item, itemsOf, type OracleRecord } from './record.ts'
import { type Slot, slotPicture } from './values.ts'

export interface Measured {
  readonly offset: number
  readonly length: number
}

/** What GnuCOBOL says about a record: first occurrences by name, and `NAME(2)` for the second ones of tables. */
export type Geometry = ReadonlyMap<string, Measured>

export interface Oracle {
  measure(record: number): Geometry
  /** The bytes of each record whose values are given. */
  write(record: number, inputs: readonly (readonly string[])[]): Buffer[]
  remove(): void
}

/** A fixed-format line, broken at blanks where it is longer than column 72. */
function line(text: string): string {
  if (text.length <= 61) return `           ${text}`
  const at = text.lastIndexOf(' ', 61)
  return `           ${text.slice(0, at)}\n${line(text.slice(at + 1))}`
}

/** Walks a record in the order of its bytes. `subscripts` are those of the item's first, second … occurrence. */
class Writer {
  readonly slots: Slot[] = []
  readonly moves: string[] = []
  /** Statements that turn fields to host form; run backwards, so that counters keep their meaning until all behind them is done. */
  readonly turns: string[][] = []
  readonly counts: string[] = []
  private readonly counterSlots = new Map<string, string>()

  constructor(root: Item) {
    this.item(root, [])
  }

  private slot(picture: string, length: number): string {
    const name = `ZZ-S${this.slots.length + 1}`
    this.slots.push({ name, picture, length })
    return name
  }

  private item(item: Item, subscripts: readonly number[]): void {
    if (item.views.length > 0) {
      const view = this.slot('PIC 9', 1)
      // What a shorter view leaves of the redefined item is as new.
      this.initialize(item, subscripts)
      for (const [at, one] of [item, ...item.views].entries()) {
        this.when(`${view} = ${at + 1}`, () => this.occurrences({ ...one, views: [] }, subscripts))
      }
      return
    }
    this.occurrences(item, subscripts)
  }

  private initialize(item: Item, subscripts: readonly number[]): void {
    for (let at = 1; at <= (item.times?.most ?? 1); at++) {
      const own = item.times ? [...subscripts, at] : subscripts
      for (const child of item.children) this.initialize(child, own)
      const { storage } = item
      if (!storage || item.name === undefined) continue
      const reference = referenceTo(item.name, own)
      const value = storage.kind === 'text' ? `'${item.constant?.trimEnd() || ' '}'` : 'ZERO'
      this.moves.push(`MOVE ${value} TO ${reference}`)
      if (storage.kind !== 'float' && (storage.kind !== 'number' || storage.characters))
        this.moves.push(...translation(reference))
    }
  }

  private when(condition: string, then: () => void): void {
    const turned = this.turns.length
    this.moves.push(`IF ${condition}`)
    const before = this.moves.length
    then()
    if (this.moves.length === before) this.moves.push('CONTINUE')
    this.moves.push('END-IF')
    const inside = this.turns.splice(turned)
    for (const turn of inside) this.turns.push([`IF ${condition}`, ...turn, 'END-IF'])
  }

  private occurrences(item: Item, subscripts: readonly number[]): void {
    const { times } = item
    if (!times) {
      this.once(item, subscripts)
      return
    }
    const counter = times.counter === undefined ? undefined : this.counterSlots.get(times.counter)
    for (let at = 1; at <= times.most; at++) {
      const write = () => this.once(item, [...subscripts, at])
      if (counter) this.when(`${counter} >= ${at}`, write)
      else write()
    }
  }

  private once(item: Item, subscripts: readonly number[]): void {
    const reference = referenceTo(item.name ?? '', subscripts)
    if (!item.storage) {
      const hasFiller = item.children.some((child) => child.name === undefined && child.storage)
      if (hasFiller && item.name !== undefined) {
        this.moves.push(`INITIALIZE ${reference} WITH FILLER`, ...translation(reference))
      }
      for (const child of item.children) this.item(child, subscripts)
      return
    }
    if (item.name === undefined) return
    const { picture, length } = slotPicture(item.storage)
    const slot = this.slot(picture, length)
    if (subscripts.length === 0) this.counterSlots.set(item.name, slot)
    this.moves.push(`MOVE ${slot} TO ${reference}`)
    const { storage } = item
    if (storage.kind === 'float' || (storage.kind === 'number' && !storage.characters)) {
      if (storage.kind === 'float' || storage.little)
        this.turns.push([`CALL 'ZZTURN' USING ${reference}`, `BY CONTENT LENGTH OF ${reference}`])
    } else this.turns.push(translation(reference))
  }
}

const translation = (reference: string): string[] => [
  `CALL 'ZZHOST' USING ${reference}`,
  `BY CONTENT LENGTH OF ${reference}`,
]

function referenceTo(name: string, subscripts: readonly number[]): string {
  return subscripts.length === 0 ? name : `${name}(${subscripts.join(' ')})`
}

/** Each named item with the subscripts of its first occurrence, and of the second where there is one. */
function placesOf(root: Item): { key: string; reference: string }[] {
  const found: { key: string; reference: string }[] = []
  const visit = (item: Item, subscripts: readonly number[]): void => {
    const own = item.times ? [...subscripts, 1] : subscripts
    if (item.name !== undefined) found.push({ key: item.name, reference: referenceTo(item.name, own) })
    if (item.name !== undefined && item.times && item.times.most > 1) {
      found.push({ key: `${item.name}(2)`, reference: referenceTo(item.name, [...subscripts, 2]) })
    }
    for (const child of item.children) visit(child, own)
    for (const view of item.views) visit(view, subscripts)
  }
  visit(root, [])
  return found
}

interface Program {
  readonly text: string
  readonly slots: readonly Slot[]
  readonly places: readonly string[]
  readonly outputLength: number
}

function programOf(record: OracleRecord, name: string): Program {
  const writer = new Writer(record.root)
  const places = [...placesOf(record.root), ...record.renames.map((rename) => ({ key: rename, reference: rename }))]
  const root = record.root.name ?? ''
  const maxima = new Map(
    [...itemsOf(record.root)].flatMap(({ times }) => (times?.counter ? [[times.counter, times.most] as const] : [])),
  )
  const outputLength = Math.max(record.length, 8 * places.length)
  const text = [
    '       IDENTIFICATION DIVISION.',
    `       PROGRAM-ID. ${name}.`,
    '       DATA DIVISION.',
    '       WORKING-STORAGE SECTION.',
    '       01  ZZ-P USAGE POINTER.',
    '       01  ZZ-N REDEFINES ZZ-P PIC S9(18) COMP-5.',
    '       01  ZZ-BASE PIC S9(18) COMP-5.',
    record.text,
    '       LINKAGE SECTION.',
    '       01  ZZ-MODE PIC X.',
    '       01  ZZ-INPUT.',
    ...(writer.slots.length === 0 ? ['           05 ZZ-S0 PIC X.'] : []),
    ...writer.slots.map((slot) => `           05 ${slot.name}\n               ${slot.picture}.`),
    '       01  ZZ-PLACES.',
    `           05 ZZ-PLACE OCCURS ${Math.max(1, places.length)}.`,
    '              10 ZZ-AT PIC S9(9) COMP-5.',
    '              10 ZZ-FOR PIC S9(9) COMP-5.',
    '       01  ZZ-LENGTH PIC S9(9) COMP-5.',
    '       PROCEDURE DIVISION USING ZZ-MODE ZZ-INPUT ZZ-PLACES ZZ-LENGTH.',
    line(`CALL 'ZZCLEAR' USING ${root} BY CONTENT '${record.length} '`),
    line("IF ZZ-MODE = 'P'"),
    ...[...maxima].map(([counter, most]) => line(`MOVE ${most} TO ${counter}`)),
    line(`SET ZZ-P TO ADDRESS OF ${root}`),
    line('MOVE ZZ-N TO ZZ-BASE'),
    ...places.flatMap(({ reference }, at) => [
      line(`SET ZZ-P TO ADDRESS OF ${reference}`),
      line(`COMPUTE ZZ-AT(${at + 1}) = ZZ-N - ZZ-BASE`),
      line(`MOVE LENGTH OF ${reference} TO ZZ-FOR(${at + 1})`),
    ]),
    line(`MOVE ${8 * places.length} TO ZZ-LENGTH`),
    line('ELSE'),
    ...writer.moves.map(line),
    line(`MOVE LENGTH OF ${root} TO ZZ-LENGTH`),
    ...writer.turns.reverse().flat().map(line),
    line(`CALL 'ZZTAKE' USING ${root} ZZ-PLACES ZZ-LENGTH`),
    line('END-IF'),
    line('GOBACK.'),
    `       END PROGRAM ${name}.`,
  ].join('\n')
  return { text, slots: writer.slots, places: places.map(({ key }) => key), outputLength }
}

const latin1ToCp037 = Array.from({ length: 256 }, (_, code) => charactersOfCp037.indexOf(String.fromCharCode(code)))

/** Reads { record 4, mode 1, input }, answers { length 4, bytes }. */
const harness = (programs: readonly Program[]): string => `
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libcob.h>
static const unsigned char host[256] = {${latin1ToCp037.join(',')}};
int ZZHOST(unsigned char *text, int32_t *length) { for (int i = 0; i < *length; i++) text[i] = host[text[i]]; return 0; }
int ZZTURN(unsigned char *b, int32_t *length) {
  for (int i = 0, j = *length - 1; i < j; i++, j--) { unsigned char t = b[i]; b[i] = b[j]; b[j] = t; }
  return 0;
}
int ZZCLEAR(unsigned char *record, const char *digits) { memset(record, 0, (size_t)atol(digits)); return 0; }
int ZZTAKE(unsigned char *record, unsigned char *out, int32_t *length) { memcpy(out, record, (size_t)*length); return 0; }
${programs.map((_, at) => `extern int ZZR${at}(void *, void *, void *, void *);`).join('\n')}
static const struct { int (*entry)(void *, void *, void *, void *); int input, output; } records[] = {
${programs.map(({ slots, outputLength }, at) => `{ZZR${at}, ${slots.reduce((sum, slot) => sum + slot.length, 0)}, ${outputLength}}`).join(',\n')}
};
int main(void) {
  int32_t record, length;
  char mode[1];
  cob_init(0, NULL);
  while (fread(&record, 4, 1, stdin) == 1 && fread(mode, 1, 1, stdin) == 1) {
    char *input = calloc(1, (size_t)records[record].input + 1), *output = calloc(1, (size_t)records[record].output + 64);
    if (*mode == 'R' && fread(input, 1, (size_t)records[record].input, stdin) != (size_t)records[record].input) return 2;
    records[record].entry(mode, input, output, &length);
    fwrite(&length, 4, 1, stdout);
    fwrite(output, 1, (size_t)length, stdout);
    free(input);
    free(output);
  }
  return 0;
}
`

const flags = ['-std=ibm', '-fsign=EBCDIC', '-fbinary-truncate', '-fodoslide', '-fstatic-call']

/** Compiles the records into one program. `copyPath` is where COPY looks. Remove it after use. */
export function oracle(records: readonly OracleRecord[], copyPath?: string): Oracle {
  const programs = records.map((record, at) => programOf(record, `ZZR${at}`))
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-oracle-'))
  const run = (program: string, args: readonly string[]) => {
    const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program}: ${stderr}`)
  }
  writeFileSync(join(folder, 'records.cob'), `${programs.map(({ text }) => text).join('\n')}\n`)
  writeFileSync(join(folder, 'harness.c'), harness(programs))
  try {
    run('cobc', ['-c', '-w', ...flags, ...(copyPath ? ['-I', copyPath] : []), 'records.cob'])
    run('gcc', ['-O1', '-w', '-o', 'oracle', 'harness.c', 'records.o', '-lcob'])
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  const ask = (requests: readonly Buffer[]): Buffer[] => {
    const output = execFileSync(join(folder, 'oracle'), { input: Buffer.concat(requests), maxBuffer: 1 << 30 })
    const answers: Buffer[] = []
    for (let at = 0; at < output.length; ) {
      const length = output.readInt32LE(at)
      answers.push(output.subarray(at + 4, at + 4 + length))
      at += 4 + length
    }
    return answers
  }
  const head = (record: number, mode: 'P' | 'R'): Buffer => {
    const bytes = Buffer.alloc(5, mode)
    bytes.writeInt32LE(record)
    return bytes
  }
  return {
    measure: (record) => {
      const [answer] = ask([head(record, 'P')])
      const measured = (at: number): Measured => ({
        offset: answer?.readInt32LE(8 * at) ?? -1,
        length: answer?.readInt32LE(8 * at + 4) ?? -1,
      })
      return new Map(programs[record]?.places.map((key, at) => [key, measured(at)]))
    },
    write: (record, inputs) => {
      const slots = programs[record]?.slots ?? []
      return ask(
        inputs.map((input) => {
          if (input.length !== slots.length) throw new Error(`${input.length} values for ${slots.length} slots`)
          for (const [at, value] of input.entries()) {
            if (value.length !== slots[at]?.length) throw new Error(`value ${value} for ${slots[at]?.picture}`)
          }
          return Buffer.concat([head(record, 'R'), Buffer.from(input.join(''), 'latin1')])
        }),
      )
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
