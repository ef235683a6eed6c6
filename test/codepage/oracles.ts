// What ICU (`uconv`) and glibc (`iconv`) say about a page: independent tables for the tests.

import { spawnSync } from 'node:child_process'

function run(program: string, args: string[], input: Uint8Array): Buffer {
  const { stdout, error, status } = spawnSync(program, args, { input, maxBuffer: 1 << 28 })
  if (error) throw error
  if (status !== 0 && stdout.length === 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  return stdout
}

const lineFeed = 0x25
const bytes = Array.from({ length: 256 }, (_, byte) => byte)
const shifts = [0x0e, 0x0f]

/** The text of each byte, '' where the page has none: each byte stands on a line of its own. LF itself, and SO and SI of mixed pages, are left out. */
function linesOf(decoded: Buffer, asked: readonly number[]): Map<number, string> {
  const texts = decoded.toString('utf8').split('\n')
  return new Map(asked.map((byte, at) => [byte, texts[at] === '\x1a' && byte !== 0x3f ? '' : (texts[at] ?? '')]))
}

const onLines = (asked: readonly number[]) => Buffer.from(asked.flatMap((byte) => [byte, lineFeed]))

/** Byte → text by ICU, for the single-byte part of a page. */
export function icuSingle(ccsid: string, mixed: boolean): Map<number, string> {
  const asked = bytes.filter((byte) => byte !== lineFeed && !(mixed && shifts.includes(byte)))
  const out = run(
    'uconv',
    ['-f', `ibm-${Number(ccsid)}`, '-t', 'utf-8', '--from-callback', 'substitute'],
    onLines(asked),
  )
  const texts = linesOf(out, asked)
  for (const [byte, text] of texts) if (text === '\ufffd') texts.set(byte, '')
  return texts
}

/** Byte → text by glibc; undefined where this glibc does not have the page. */
export function glibcSingle(ccsid: string, mixed: boolean): Map<number, string> | undefined {
  const asked = bytes.filter((byte) => byte !== lineFeed && !(mixed && shifts.includes(byte)))
  for (const name of [`IBM${ccsid}`, `CP${ccsid}`, `IBM-${ccsid}`]) {
    const { stdout, status } = spawnSync('iconv', ['-c', '-f', name, '-t', 'utf-8'], { input: onLines(asked) })
    if (status === 0 || stdout.length > 0) return linesOf(stdout, asked)
  }
  return undefined
}

/** Every two-byte code, X'4040' and X'4141' to X'FEFE'. */
export const doubleCodes: readonly number[] = [
  0x4040,
  ...bytes.slice(0x41, 0xff).flatMap((lead) => bytes.slice(0x41, 0xff).map((trail) => (lead << 8) | trail)),
]

const asRuns = Buffer.from(doubleCodes.flatMap((code) => [0x0e, code >> 8, code & 0xff, 0x0f, lineFeed]))

/** Code → text by ICU, for the two-byte part of a mixed page. */
export function icuDouble(ccsid: string): Map<number, string> {
  const out = run('uconv', ['-f', `ibm-${ccsid}`, '-t', 'utf-8', '--from-callback', 'substitute'], asRuns)
  const texts = out.toString('utf8').split('\n')
  const known = (text: string) => text !== '' && !text.includes('\x1a') && !text.includes('\ufffd')
  return new Map(doubleCodes.map((code, at) => [code, known(texts[at] ?? '') ? (texts[at] ?? '') : '']))
}

/** Code → text by glibc. */
export function glibcDouble(ccsid: string): Map<number, string> | undefined {
  const { stdout, status } = spawnSync('iconv', ['-c', '-f', `IBM${ccsid}`, '-t', 'utf-8'], {
    input: asRuns,
    maxBuffer: 1 << 28,
  })
  if (status !== 0 && stdout.length === 0) return undefined
  const texts = stdout.toString('utf8').split('\n')
  return new Map(doubleCodes.map((code, at) => [code, texts[at] ?? '']))
}

/** The bytes that ICU writes for each text; of mixed pages without SO and SI. */
export function icuEncoded(ccsid: string, texts: readonly string[], mixed: boolean): string[] {
  const input = Buffer.from(texts.join('\n'))
  const out = run('uconv', ['-f', 'utf-8', '-t', `ibm-${Number(ccsid)}`, '--to-callback', 'substitute'], input)
  const lines: string[] = ['']
  for (const byte of out) {
    if (byte === lineFeed) lines.push('')
    else if (!(mixed && shifts.includes(byte))) lines[lines.length - 1] += byte.toString(16).padStart(2, '0')
  }
  return lines
}
