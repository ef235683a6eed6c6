// Writes the tables of this folder from the tables of ICU (`uconv`) and, for two pages that ICU's builds leave out, glibc (`iconv`).
// Run by hand when a page is added: node src/codepage/generate.mjs && npx biome check --write src/codepage

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const here = new URL('./', import.meta.url)

const fromIcu = [
  ...[
    500, 1047, 273, 277, 278, 280, 284, 285, 297, 871, 1026, 870, 875, 880, 905, 918, 924, 1025, 1097, 1112, 1122, 1123,
    1130,
  ],
  ...[1132, 1137, 1140, 1141, 1142, 1143, 1144, 1145, 1146, 1147, 1148, 1149, 1153, 1154, 1155, 1156, 1157, 1158, 1164],
  ...[838, 1160, 424, 803, 4899, 12712, 420, 16804, 4971, 9067, 4517, 290, 8482, 5123],
]

// ICU publishes these three (charset/data/ucm of unicode-org/icu-data), but its usual builds leave them out. 880 and 905: glibc,
// corrected to ICU's file; 924: the differences from 1047 in ICU's file.
const unbuilt = {
  880: () => glibc('CP880', '41=00A0 45є 55ў 64Є 6A| 73=00AD 74Ў 79=0060 A1~ C0{ D0}'),
  905: () => glibc('CP905', '41=00A0 9D¸ B0˙ B7·'),
  924: (tables) => changed(tables['1047'], '4AÝ 6AŠ 9Dž 9F€ B0¢ B7Œ B8œ B9Ÿ BA¬ BBš BEŽ'),
}

const mixed = [930, 933, 935, 937, 939, 1364, 1371, 1388, 1390, 1399]
const doubles = [
  { file: 'japanese', small: 930, large: 1390, ccsids: ['300', '16684'] },
  { file: 'korean', small: 933, large: 1364, ccsids: ['834', '4930'] },
  { file: 'simplified-chinese', small: 935, large: 1388, ccsids: ['837', '4933'] },
  { file: 'traditional-chinese', small: 937, large: 1371, ccsids: ['835', '9027'] },
]

const none = 0xfffd
const run = (program, args, input) =>
  execFileSync(program, args, { input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] })
const hex = (number, digits) => number.toString(16).toUpperCase().padStart(digits, '0')

/** UTF-16 units of the 256 bytes; a byte at a time, so that an unmapped one cannot swallow its neighbour. */
function icu(page) {
  const units = bytesOf(256).map((byte) => {
    if (mixed.includes(page) && (byte === 0x0e || byte === 0x0f)) return byte
    const out = run('uconv', ['-f', `ibm-${page}`, '-t', 'utf-16be', '--from-callback', 'substitute'], Buffer.of(byte))
    return out.length === 2 ? out.readUInt16BE() : none
  })
  return units.map((unit, byte) => (unit === 0x1a && byte !== 0x3f ? none : unit))
}

function glibc(page, corrections) {
  const units = bytesOf(256).map((byte) => {
    try {
      return run('iconv', ['-f', page, '-t', 'utf-16be'], Buffer.of(byte)).readUInt16BE()
    } catch {
      return none
    }
  })
  return changed(units, corrections)
}

function changed(units, corrections) {
  const copy = [...units]
  for (const token of corrections.split(' ')) {
    const written = token.slice(2)
    copy[Number.parseInt(token.slice(0, 2), 16)] = written.startsWith('=')
      ? Number.parseInt(written.slice(1), 16)
      : written.charCodeAt(0)
  }
  return copy
}

const bytesOf = (count) => Array.from({ length: count }, (_, byte) => byte)

/** The bytes that ICU writes for each text, without shifts; undefined where it has none. */
function encodedByIcu(page, texts) {
  const out = run(
    'uconv',
    ['-f', 'utf-8', '-t', `ibm-${page}`, '--to-callback', 'substitute'],
    Buffer.from(texts.join('\n')),
  )
  const found = []
  let bytes = []
  for (const byte of [...out, 0x25]) {
    if (byte !== 0x25) bytes.push(byte)
    else {
      found.push(hexOf(bytes.filter((one) => one !== 0x0e && one !== 0x0f)))
      bytes = []
    }
  }
  return found
}
const hexOf = (bytes) => bytes.map((byte) => hex(byte, 2)).join('')

/** Bytes whose character ICU encodes as another byte. */
function decodeOnly(page, units) {
  if (unbuilt[page]) return new Set()
  const bytes = bytesOf(256).filter((byte) => units[byte] !== none && ![0x0e, 0x0f, 0x25].includes(byte))
  const encoded = encodedByIcu(
    page,
    bytes.map((byte) => String.fromCharCode(units[byte])),
  )
  return new Set(bytes.filter((byte, at) => encoded[at] !== hex(byte, 2)))
}

const hidden = /[\s\p{M}\p{C}\p{Z}`\\$]|\p{Script=Arabic}|\p{Script=Hebrew}|[\ufb00-\ufeff\uffa0]/u

function tokenOf(page, byte) {
  const unit = page.units[byte]
  const character = String.fromCharCode(unit)
  const written = unit === none ? '=' : hidden.test(character) || character === '=' ? `=${hex(unit, 4)}` : character
  return `${page.only.has(byte) ? '>' : ''}${hex(byte, 2)}${written}`
}

/** A row of single-byte-pages.ts: the near relative with the fewest differences, and these. */
function rowOf(page, earlier) {
  const rows = Object.entries(earlier).map(([name, base]) => {
    const tokens = bytesOf(256).filter(
      (byte) => page.units[byte] !== base.units[byte] || page.only.has(byte) !== base.only.has(byte),
    )
    return [name, ...tokens.map((byte) => tokenOf(page, byte))]
  })
  return rows.reduce((best, row) => (row.length < best.length ? row : best))
}

function wrapped(words, width) {
  const lines = ['']
  for (const word of words) {
    if (lines.at(-1).length + word.length + 1 > width) lines.push('')
    lines[lines.length - 1] += `${lines.at(-1) === '' ? '' : ' '}${word}`
  }
  return lines
}

function entryOf(name, row) {
  const lines = wrapped(row, 110)
  return `  '${name}': \`${lines.join('\n    ')}\`,\n`
}

function writeSingleBytePages() {
  const path = new URL('single-byte-pages.ts', here)
  const text = readFileSync(path, 'utf8')
  const pages = { '037': { units: icu(37), only: new Set() } }
  const tables = { '037': pages['037'].units }
  let rows = ''
  for (const number of fromIcu) {
    const units = unbuilt[number] ? unbuilt[number](tables) : icu(number)
    const page = { units, only: decodeOnly(number, units) }
    rows += entryOf(number, rowOf(page, pages))
    pages[number] = page
    tables[number] = units
  }
  let parts = ''
  for (const number of mixed) {
    const units = icu(number)
    parts += entryOf(number, rowOf({ units, only: decodeOnly(number, units) }, pages))
  }
  const head = text.slice(0, text.indexOf('/** Page → '))
  const body = `/** Page → the page it starts from and what differs. */
export const differences: Readonly<Record<string, string>> = {\n${rows}}

/** Mixed page → its single-byte part, written in the same way. */
export const singleParts: Readonly<Record<string, string>> = {\n${parts}}\n`
  writeFileSync(path, head + body)
}

/** Every two-byte code of a mixed page: code → { text, only }. A character that the single-byte part has too (€) still has its code here: PIC G. */
function doubleByteCodes(page) {
  const codes = [0x4040]
  for (let lead = 0x41; lead <= 0xfe; lead++)
    for (let trail = 0x41; trail <= 0xfe; trail++) codes.push((lead << 8) | trail)
  const input = Buffer.from(codes.flatMap((code) => [0x0e, code >> 8, code & 0xff, 0x0f, 0x25]))
  const out = run('uconv', ['-f', `ibm-${page}`, '-t', 'utf-8', '--from-callback', 'substitute'], input)
  const texts = out.toString('utf8').split('\n')
  const mapped = codes
    .map((code, at) => [code, texts[at]])
    .filter(([, text]) => text !== '' && !text.includes('\x1a') && !text.includes('\ufffd'))
  const encoded = encodedByIcu(
    page,
    mapped.map(([, text]) => text),
  )
  return new Map(
    mapped.map(([code, text], at) => [code, { text, only: encoded[at].length === 4 && encoded[at] !== hex(code, 4) }]),
  )
}

const following = (code) => ((code & 0xff) === 0xfe ? code - 0xfe + 0x141 : code + 1)
const unseen = /[\p{M}\p{C}\p{Z}]/u
const written = (text) =>
  [...text].length > 1 || unseen.test(text) ? `{${[...text].map((one) => hex(one.codePointAt(0), 4)).join('+')}}` : text

/** Rows as double-byte.ts reads them. */
function doubleRows(codes) {
  const rows = []
  let row = ''
  let expected = -1
  const entries = [...codes].sort(([a], [b]) => a - b)
  for (let at = 0; at < entries.length; ) {
    const [code] = entries[at]
    let length = 1
    while (isSuccessor(entries, at, length)) length++
    const token = length > 3 ? `${tokenAt(entries, at)}-${tokenAt(entries, at + length - 1)}` : tokenAt(entries, at)
    const step = length > 3 ? length : 1
    const gap = expected < 0 ? Infinity : codesBetween(expected, code)
    const skip = gap === 0 ? '' : String(gap)
    if (gap > 999 || row.length + skip.length + token.length > 112) {
      if (row) rows.push(row)
      row = `${hex(code, 4)} ${token}`
    } else row += skip + token
    expected = following(entries[at + step - 1][0])
    at += step
  }
  return [...rows, row].join('\n')
}

const ordinal = (code) => ((code >> 8) - 0x41) * 190 + ((code & 0xff) - 0x41)
const codesBetween = (expected, code) => (expected === 0x4041 ? Infinity : ordinal(code) - ordinal(expected))
const tokenAt = (entries, at) => `${entries[at][1].only ? '>' : ''}${written(entries[at][1].text)}`

/** Whether entry `at + length` continues the run of successive codes and successive code points that starts at `at`. */
function isSuccessor(entries, at, length) {
  const [first, last, next] = [entries[at], entries[at + length - 1], entries[at + length]]
  if (!next || first[1].only || next[1].only || following(last[0]) !== next[0]) return false
  if ([...first[1].text].length > 1 || [...next[1].text].length > 1) return false
  return next[1].text.codePointAt(0) === last[1].text.codePointAt(0) + 1
}

function writeDoubleByteTable({ file, small, large, ccsids }) {
  const lesser = doubleByteCodes(small)
  const greater = doubleByteCodes(large)
  const same = (a, b) => a && b && a.text === b.text && a.only === b.only
  const more = new Map([...greater].filter(([code, entry]) => !same(lesser.get(code), entry)))
  for (const code of lesser.keys())
    if (!greater.has(code)) throw new Error(`${hex(code, 4)} of ${small} is not in ${large}`)
  const text = `// The two-byte part of CCSID ${small} (${ccsids[0]}) and what CCSID ${large} (${ccsids[1]}) adds to it. Written by ../generate.mjs;
// the form of the rows is described in ../double-byte.ts.

/** CCSID ${ccsids[0]}: ${lesser.size} codes. */
export const rows = \`
${doubleRows(lesser)}\`

/** CCSID ${ccsids[1]}: ${more.size} codes more or other. */
export const moreRows = \`
${doubleRows(more)}\`
`
  writeFileSync(new URL(`double/${file}.ts`, here), text)
}

if (!process.argv.includes('--double')) writeSingleBytePages()
for (const table of doubles) writeDoubleByteTable(table)
