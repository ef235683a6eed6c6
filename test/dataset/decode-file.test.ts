// decode on long files: whatever the format, the threads, and where records come from and lines go to, the lines and the mistakes are the same.

import { type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import { folderOf, hex } from '../cli/data/copybooks.ts'
import { mainspan, objectsOf, program, root } from '../cli/mainspan.ts'

const pair = hex('C1C2 12345C C3 | C4C5 00001D C6')
const broken = hex('C1C2 404040 C3 | C1C2 00001C C3')
const pairs = 150_000
/** The records 200001 and 290001 cannot be read. */
const many = Buffer.concat(
  Array.from({ length: pairs }, (_, number) => (number === 100_000 || number === 145_000 ? broken : pair)),
)

const file = folderOf({
  'A.cpy': `
       01  REC.
           05  KEY-1        PIC X(2).
           05  AMOUNT       PIC S9(3)V99 COMP-3.
           05  TAIL         PIC X(1).
`,
  'TEXT.cpy': '       01 T.\n           05 K PIC X(2).\n           05 N PIC S9(3)V99.\n           05 E PIC X(4).\n',
  'many.dat': many,
  'good.dat': Buffer.concat(Array.from({ length: pairs }, () => pair)),
  'many.rdw': Buffer.concat(
    Array.from({ length: many.length / 6 }, (_, index) => [
      hex('000A0000'),
      many.subarray(6 * index, 6 * index + 6),
    ]).flat(),
  ),
  'cut.dat': Buffer.concat([many.subarray(0, 600_000), hex('C1C2')]),
  'lines.txt': 'AB00012\nCD00345  XY\n'.repeat(50_000),
  empty: '',
  out: '',
})
const A = ['decode', '--copybook', file('A.cpy')]

/** What decode prints, made without it. */
function linesOf(from: number, to: number): string {
  const lines: string[] = []
  for (let number = from; number < to; number += 1) {
    if (number === 200_000 || number === 290_000) continue
    const isSecond = number === 200_001 || number === 290_001
    if (isSecond) lines.push('{"key1":"AB","amount":"0.01","tail":"C"}')
    else
      lines.push(
        number % 2 === 0 ? '{"key1":"AB","amount":"123.45","tail":"C"}' : '{"key1":"DE","amount":"-0.01","tail":"F"}',
      )
  }
  return lines.map((line) => `${line}\n`).join('')
}

const ways: readonly (readonly [string, readonly string[], string])[] = [
  ['fixed records', [], 'many.dat'],
  ['variable records', ['--format', 'V'], 'many.rdw'],
]

describe.each(ways)('%s', (_, options, name) => {
  const run = (threads: string, ...more: string[]) => mainspan([...A, ...options, '--threads', threads, ...more])
  describe.each(['1', '2', '3'])('in %s threads', (threads) => {
    test('go on behind records that cannot be read, and tell them in their order', () => {
      const { status, text, errors } = run(threads, '--keep-going', file(name))
      expect(text === linesOf(0, 2 * pairs)).toBe(true)
      expect(errors.match(/in record \d+ of/g)).toEqual(['in record 200001 of', 'in record 290001 of'])
      expect(status).toBe(1)
    })
    test('end at the first record that cannot be read, behind all lines before it', () => {
      const { status, text, errors } = run(threads, file(name))
      expect(text === linesOf(0, 200_000)).toBe(true)
      expect(errors.match(/in record \d+ of/g)).toEqual(['in record 200001 of'])
      expect(errors).toContain('FIELD_BYTES_INVALID')
      expect(status).toBe(1)
    })
    test.each([
      [199_990, 10],
      [200_001, 80_000],
      [299_999, 5],
      [300_000, 5],
    ])('pass over %i records and read %i', (skip, count) => {
      const { status, text } = run(threads, '--skip', String(skip), '--count', String(count), file(name))
      expect(text === linesOf(skip, Math.min(skip + count, 2 * pairs))).toBe(true)
      expect(status).toBe(0)
    })
    test('come from standard input just as well', () => {
      const args = [...A, ...options, '--threads', threads, '--keep-going', '--skip', '100000', '-']
      const { status, text } = mainspan(args, readFileSync(file(name)))
      expect(text === linesOf(100_000, 2 * pairs)).toBe(true)
      expect(status).toBe(1)
    })
  })
})

describe.each(['1', '2'])('a file of equal records in %s threads', (threads) => {
  const args = [...A, '--threads', threads]
  test('that is cut off: what came before is printed', () => {
    const { status, text, errors } = mainspan([...args, file('cut.dat')])
    expect(text === linesOf(0, 100_000)).toBe(true)
    expect(errors).toContain('FRAME_INCOMPLETE')
    expect(errors).toContain('offset 600000')
    expect(status).toBe(1)
  })
  test('that is empty', () => {
    expect(mainspan([...args, file('empty')])).toMatchObject({ status: 0, text: '', errors: '' })
  })
  test('that is a folder', () => {
    const { status, errors } = mainspan([...args, tmpdir()])
    expect(errors).toContain('FILE_UNREADABLE')
    expect(errors).toContain('it is a folder')
    expect(status).toBe(1)
  })
  test('that is standard input, of which something is read already', () => {
    const input = openSync(file('good.dat'), 'r')
    readSync(input, Buffer.alloc((2 * pairs - 3) * 6))
    const { stdout, status } = spawnSync(process.execPath, [program, ...args, '-'], {
      cwd: root,
      stdio: [input, 'pipe'],
    })
    closeSync(input)
    expect(stdout.toString()).toBe(linesOf(2 * pairs - 3, 2 * pairs))
    expect(status).toBe(0)
  })
  test('goes to a file', async () => {
    const out = openSync(file('out'), 'w')
    expect(await runTo(out, [...args, file('good.dat')])).toEqual({ status: 0, errors: '' })
    closeSync(out)
    expect(readFileSync(file('out'), 'utf8').split('\n').length).toBe(2 * pairs + 1)
  })
  test('goes to a disk that is full', async () => {
    const full = openSync('/dev/full', 'w')
    const { status, errors } = await runTo(full, [...args, file('good.dat')])
    closeSync(full)
    expect(errors).toContain('OUTPUT_UNWRITABLE  standard output takes no more: the disk is full')
    expect(status).toBe(1)
  })
  test('goes to a reader that has seen enough, which is no mistake', async () => {
    const child = spawn(process.execPath, [program, ...args, file('good.dat')], { cwd: root })
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await endOf(child)).toEqual({ status: 0, errors: '' })
  })
})

test('lines that are filled in a buffer of their own are the same in threads', () => {
  const text = ['--code-page', 'ascii', '--format', 'text', '--dialect', 'gnucobol']
  const args = ['decode', '--copybook', file('TEXT.cpy'), ...text]
  const one = mainspan([...args, file('lines.txt')])
  const two = mainspan([...args, '--threads', '2', file('lines.txt')])
  expect(objectsOf(one).slice(0, 2)).toEqual([
    { k: 'AB', n: '0.12', e: '' },
    { k: 'CD', n: '3.45', e: '  XY' },
  ])
  expect(one.text.split('\n')).toHaveLength(100_001)
  expect(two.stdout.equals(one.stdout)).toBe(true)
})

function runTo(output: number, args: readonly string[]) {
  const stdio: StdioOptions = ['ignore', output, 'pipe']
  return endOf(spawn(process.execPath, [program, ...args], { cwd: root, stdio }))
}

function endOf(child: ReturnType<typeof spawn>): Promise<{ status: number | null; errors: string }> {
  let errors = ''
  child.stderr?.on('data', (piece) => {
    errors += piece
  })
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, errors })))
}
