// encode on lines of every kind: what is a line, which line a mistake is told of, and how much memory a long file takes.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { corpus } from '../../../bench/corpora.ts'
import { mainspan, program, root } from '../mainspan.ts'
import { folderOf, hex } from './copybooks.ts'

const file = folderOf({
  'A.cpy': '       01 R.\n           05 A PIC X(9).\n           05 N PIC S9(3)V99 COMP-3.\n',
  'TWO.cpy': '       01 ONE.\n           05 A PIC X.\n       01 TWO.\n           05 B PIC 9.\n',
  'many.json': '',
  'large.json': '',
})
const A = ['encode', '--copybook', file('A.cpy')]
const one = '{"a":"A","n":"1.00"}'
const record = hex('C1 4040404040404040 00100C')

describe('lines', () => {
  test.each([
    ['without a newline at the end', one],
    ['with blank lines', `\n${one}\n \t\n`],
    ['with carriage returns', `${one}\r\n\r\n`],
    ['with a byte order mark', `\u{feff}${one}\n`],
    ['with other white space and another order', '  { "n" : "1.00", "a" : "A" }  \n'],
  ])('%s', (_, json) => {
    expect(mainspan(A, json)).toMatchObject({ status: 0, errors: '', stdout: record })
  })

  test('that lie across the pieces that are read at once, short and long ones', () => {
    const values = Array.from({ length: 60_000 }, (_, number) => ({ a: String(number), n: `${number % 1000}.25` }))
    const lines = values.map((value, number) => `${JSON.stringify(value)}${' '.repeat(number % 71)}\n`)
    lines.splice(30_000, 0, `${' '.repeat(3_000_000)}${one}\n`)
    writeFileSync(file('many.json'), lines.join(''))
    const { stdout, status } = mainspan([...A, file('many.json')])
    expect(status).toBe(0)
    const decoded = mainspan(['decode', '--copybook', file('A.cpy'), '-'], stdout).text
    values.splice(30_000, 0, JSON.parse(one))
    expect(decoded).toBe(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
  })
})

describe('mistakes are told with their line; what came before is written', () => {
  test.each<[string, string | Uint8Array, string, string, string]>([
    ['no JSON', `${one}\n\n{"a":`, 'JSON_INVALID', 'line 3', ''],
    ['an array', `${one}\n[]\n`, 'JSON_INVALID', 'line 2', 'it is an array'],
    ['no UTF-8', Buffer.from(`${one}\n{"a":"\u00e9","n":"1.00"}\n`, 'latin1'), 'JSON_INVALID', 'line 2', 'not UTF-8'],
    ['a value', `${one}\n${one.replace('1.00', '1.005')}`, 'VALUE_TOO_PRECISE', 'line 2', 'N (n'],
    ['a name', `${one}\n${one.replace('"n"', '"m"')}`, 'VALUE_', 'line 2', ''],
    [
      'far away',
      `${`${one}\n`.repeat(60_000)}${one.replace('"A"', '"ABCDEFGHIJ"')}\n${one}\n`,
      'VALUE_TOO_LONG',
      'line 60001',
      'A (a',
    ],
  ])('%s', (_, json, code, line, words) => {
    writeFileSync(file('many.json'), json)
    const { status, errors, stdout } = mainspan([...A, file('many.json')])
    expect(errors).toContain(code)
    expect(errors).toContain(`in ${line} of ${file('many.json')}`)
    expect(errors).toContain(words)
    expect(status).toBe(1)
    expect(stdout.length % record.length).toBe(0)
    expect(stdout.subarray(0, record.length)).toEqual(record)
  })

  test.each([
    ['null', 'JSON_INVALID', 'it is null'],
    ['{"a":"x"}', 'VALUE_MISSING', '$record'],
    ['{"$record":"THREE","a":"x"}', 'RECORD_UNKNOWN', 'THREE'],
    ['{"$record":"two","b":"x"}', 'VALUE_NOT_A_NUMBER', 'B (b'],
  ])('of several record types: %s', (json, code, words) => {
    const types = ['--select', "ONE=0:'A'", '--select', 'TWO=*', '--format', 'V']
    const { status, errors } = mainspan(['encode', '--copybook', file('TWO.cpy'), ...types], `${json}\n`)
    expect(errors).toContain(code)
    expect(errors).toContain(words)
    expect(errors).toContain('in line 1')
    expect(status).toBe(1)
  })
})

/** Prints the most resident memory of a process at its end, in bytes. Linux counts what forked it too, but not in VmHWM. */
const tellPeak = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs'
  process.on('exit', () => {
    const { maxRSS } = process.resourceUsage()
    const linux = process.platform === 'linux' && /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    console.error(1024 * (linux || maxRSS))
  })`)}`

test('a large file takes no more memory than a small one: below 100 MB', () => {
  const args = ['--copybook', 'bench/corpora/wide.cpy', '--format', 'F']
  const { bytes } = corpus('wide', 1024 * 1024)
  const lines = mainspan(['decode', ...args, '-'], bytes).stdout
  const peaks = [1, 24].map((times) => {
    const repeated = (one: Uint8Array) => Buffer.concat(Array.from({ length: times }, () => one))
    writeFileSync(file('large.json'), repeated(lines))
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', tellPeak, program, 'encode', ...args, file('large.json')],
      { cwd: root, maxBuffer: 1 << 28 },
    )
    expect(stdout.equals(repeated(bytes))).toBe(true)
    return Number(stderr.toString()) / 1_000_000
  })
  process.stderr.write(`encode of 1 and 24 MiB: ${peaks.map((peak) => `${peak.toFixed(0)} MB`).join(', ')} at most\n`)
  expect(Math.max(...peaks)).toBeLessThan(100)
})

describe('threads', () => {
  const lines = Array.from(
    { length: 100_000 },
    (_, number) => `${JSON.stringify({ a: String(number), n: `${number % 1000}.25` })}\n`,
  )
  lines.splice(70_000, 0, '\n')
  const formats = [[], ['--format', 'V'], ['--format', 'VB', '--block-size', '1000'], ['--format', 'varseq1']]
  test.each(formats)('give the same bytes: %s %s %s %s', (...format) => {
    writeFileSync(file('many.json'), lines.join(''))
    const [alone, together, piped] = [
      mainspan([...A, ...format, file('many.json')]),
      mainspan([...A, ...format, '--threads', '3', file('many.json')]),
      mainspan([...A, ...format, '--threads', '2', '-'], lines.join('')),
    ]
    expect(alone).toMatchObject({ status: 0, errors: '' })
    expect(alone.stdout.length).toBeGreaterThanOrEqual(1_200_000)
    for (const { status, stdout } of [together, piped]) {
      expect(status).toBe(0)
      expect(stdout.equals(alone.stdout)).toBe(true)
    }
  })
  test.each([
    ['a value', '{"a":"A","n":"1.005"}\n', [], 'VALUE_TOO_PRECISE', 90_002],
    ['a length', '{"a":"A","n":"1.00","$residue":"12:00"}\n', [], 'FRAME_LENGTH_INVALID', 90_002],
  ])('tell the first mistake, of %s, and write what came before', (_, line, format, code, number) => {
    const spoilt = [...lines.slice(0, 90_001), line, ...lines.slice(90_001), 'no JSON']
    writeFileSync(file('many.json'), spoilt.join(''))
    const runs = ['1', '3'].map((threads) => mainspan([...A, ...format, '--threads', threads, file('many.json')]))
    for (const { status, errors, stdout } of runs) {
      expect(errors).toContain(code)
      expect(errors).toContain(`in line ${number} of`)
      expect({ status, records: stdout.length / 12 }).toEqual({ status: 1, records: 90_000 })
    }
  })
})
