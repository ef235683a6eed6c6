// The encode kernel at the borders of each kind of field: the values that it writes itself give the records of the codec, and all others its errors.

import { expect, test } from '@jest/globals'
import { type EncodeKernel, startEncodeKernel, stopped } from '../../../src/codec/bulk-encode/start-encode-kernel.ts'
import { type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { hex, layoutOf } from '../layouts.ts'
import { alone, compare } from './encode-outcomes.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

const kernels = new WeakMap<RecordCodec, EncodeKernel>()

function kernelOf(codec: RecordCodec): EncodeKernel {
  const kernel = kernels.get(codec) ?? startEncodeKernel(codec.plan, 64 * 1024)
  if (!kernel) throw new Error('no kernel for this layout')
  kernels.set(codec, kernel)
  return kernel
}

/** What the kernel makes of one line; undefined where it leaves it. */
function byKernel(codec: RecordCodec, line: string): string | undefined {
  const bytes = Buffer.from(`${line}\n`)
  const { exports, memory, input, output, limit, fields } = kernelOf(codec)
  memory.set(bytes, input)
  const why = exports.encode(input, input + bytes.length, output, limit, codec.plan.length, fields)
  if (why !== stopped.done) return undefined
  expect(exports.line.value).toBe(input + bytes.length)
  expect(exports.end.value).toBe(output + codec.plan.length)
  return hex(memory.subarray(output, exports.end.value))
}

/** Fields with a text in front and behind each: nothing may be written over them. */
function layoutWith(clauses: readonly string[], options: Parameters<typeof layoutOf>[1] = {}) {
  const items = clauses.map((clause, i) => `05 F${i} ${clause}. 05 T${i} PIC X(3).`)
  return layoutOf(`01 R. 05 T PIC X(3). ${items.join(' ')}`, options)
}

/** One line a value, where `i` is the field that has it, as JSON. */
function lineWith(plain: readonly string[], index: number, value: string): string {
  const members = plain.map((one, i) => `"f${i}":${i === index ? value : one},"t${i}":"ab"`)
  return `{"t":"XYZ",${members.join(',')}}`
}

/** A decimal as the codec writes it. */
function decimal(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0')
  const whole = padded.slice(0, padded.length - scale).replace(/^0+(?=\d)/, '')
  return scale > 0 ? `${whole}.${padded.slice(padded.length - scale)}` : whole
}

const scalesOf = (digits: number): number[] => [...new Set([0, 1, digits >> 1, digits])]

const picture = (digits: number, scale: number): string =>
  `${digits > scale ? `9(${digits - scale})` : ''}${scale > 0 ? `V9(${scale})` : ''}`

interface NumberField {
  readonly clause: string
  readonly digits: number
  readonly scale: number
  readonly signed: boolean
}

const signs = ['', ' SIGN LEADING', ' SIGN TRAILING SEPARATE', ' SIGN LEADING SEPARATE']

function numberFields(digits: number, usages: readonly string[]): NumberField[] {
  return scalesOf(digits).flatMap((scale) => {
    const all = (signed: boolean, clauses: readonly string[]): NumberField[] =>
      clauses.map((clause) => ({
        clause: `PIC ${signed ? 'S' : ''}${picture(digits, scale)}${clause}`,
        digits,
        scale,
        signed,
      }))
    return [...all(false, ['', ...usages]), ...all(true, [...signs, ...usages.filter((one) => one !== ' COMP-6')])]
  })
}

/** Those that fit in the one form that the codec writes. */
function rightValues({ digits, scale, signed }: NumberField): string[] {
  const counted = '1234567890123456789012345678901'
  const magnitudes = [
    '0',
    '1',
    '9'.repeat(digits),
    `1${'0'.repeat(digits - 1)}`,
    counted.slice(0, digits),
    counted.slice(0, (digits + 1) >> 1),
  ]
  const values = magnitudes.map((one) => decimal(one, scale))
  const negative = signed ? values.filter((one) => /[1-9]/.test(one)).map((one) => `-${one}`) : []
  return [...values, ...negative].map((value) => `"${value}"`)
}

function wrongValues({ digits, scale }: NumberField): string[] {
  const one = decimal('1', scale)
  const much = decimal('9'.repeat(digits), scale)
  return [
    ...[
      '',
      '-',
      '.',
      '-.',
      '0',
      '00',
      '-0',
      '+1',
      ' 1',
      '1 ',
      '1.',
      '.5',
      '1e3',
      '0x1',
      '1,5',
      '1:5',
      '1/5',
      'A',
      '\\u0031',
      '\\"',
      'é',
      '٣',
    ],
    ...[
      `0${one}`,
      `-${decimal('0', scale)}`,
      `-${one}`,
      `--${one}`,
      `${one}0`,
      `${one}5`,
      `${one}.`,
      `${one}-`,
      `1${much}`,
      `${much}9`,
      `-${much}`,
    ],
    ...['9'.repeat(16), '9'.repeat(31), '9'.repeat(32), '9'.repeat(33), `0.${'0'.repeat(40)}`],
  ].map((value) => `"${value}"`)
}

/** In the place of a value in quotes. */
const noStrings = ['null', '1', '-1.5', 'true', '{}', '[]', '["1"]', '{"$raw":"00"}', '"', '""1', '"1', '1"', '']

const cobolUsages = [' COMP-3', ' COMP', ' COMP-5', ' NATIONAL']
const dialects = [
  { codePage: 'cp037', options: {}, usages: cobolUsages },
  { codePage: 'cp930', options: { trunc: 'BIN', numproc: 'PFD' }, usages: cobolUsages },
  {
    codePage: 'ascii',
    options: { dialect: 'gnucobol', endian: 'little' },
    usages: [' COMP-3', ' COMP-6', ' COMP', ' COMP-5', ' COMP-X'],
  },
] as const
const mostBinary = 18
const decimalUsages = [' COMP-3', ' NATIONAL']

/** Where words, vectors and what the kernel knows end. */
const borders = [1, 2, 9, 10, 15, 16, 17, 18, 19, 30, 31]

test.each(upTo(31))('numbers of %i digits', (digits) => {
  for (const { codePage, options, usages } of digits > mostBinary ? dialects.slice(0, 1) : dialects) {
    const fields = numberFields(digits, digits > mostBinary ? decimalUsages : usages)
    const plain = fields.map(({ scale }) => `"${decimal('0', scale)}"`)
    const layout = layoutWith(
      fields.map(({ clause }) => clause),
      options,
    )
    const codec = recordCodec(layout, { codePage })
    const lines = (valuesOf: (field: NumberField) => string[]) =>
      fields.flatMap((field, i) => valuesOf(field).map((value) => lineWith(plain, i, value)))
    const right = lines(rightValues)
    for (const line of right) {
      const outcome = alone(codec, Buffer.from(line))
      expect(byKernel(codec, line)).toBe(typeof outcome === 'string' ? outcome : undefined)
    }
    if (borders.includes(digits)) compare(codec, Buffer.from([...lines(wrongValues), ...right].join('\n')))
  }
})

const characters = [...'A z09~[]^|!¬¢$@#`{}é€ÄöŁЖ中\u007f\u0085\u00a0\ud83d\ude00'].concat('\ud83d\ude00', 'e\u0301')
const escapes = [
  '\\"',
  '\\\\',
  '\\/',
  '\\b',
  '\\t',
  '\\n',
  '\\u0041',
  '\\u00e9',
  '\\ud83d\\ude00',
  '\\ud83d',
  '\\u0000',
  '\\x',
  '\\u12',
  '\\',
]
const lengths = [1, 2, 16, 17, 33, 100]

function textValues(length: number): string[] {
  const sizes = [0, 1, 14, 15, 16, 17, 31, 32, 33, length - 1, length, length + 1, length + 16].filter(
    (size) => size >= 0,
  )
  const filled = sizes.flatMap((size) => ['B'.repeat(size), ' '.repeat(size), `${'C'.repeat(Math.max(0, size - 1))} `])
  const odd = [...characters, ...escapes, '\t', '\u0000', '\u001f'].flatMap((one) => [one, `ab${one}`, `${one}yz`])
  const late = ['"', ...characters.slice(0, 20), '\\"'].map((one) => `${'D'.repeat(Math.max(0, length - 1))}${one}`)
  return [...filled, ...odd, ...late].map((value) => `"${value}"`)
}

const pages = ['cp037', 'cp1047', 'cp1025', 'cp420', 'cp930', 'ascii', 'utf-8']

test.each(pages)('texts in %s', (codePage) => {
  const clauses = lengths.flatMap((length) => [`PIC X(${length})`, `PIC A(${length})`, `PIC X(${length}) JUST RIGHT`])
  const plain = clauses.map(() => '""')
  const codec = recordCodec(layoutWith(clauses), { codePage })
  const lines = clauses.flatMap((_, i) =>
    [...textValues(lengths[Math.floor(i / 3)] ?? 1), ...noStrings].map((value) => lineWith(plain, i, value)),
  )
  compare(codec, Buffer.from(lines.join('\n')))
  const letters = lines.filter((line) => /^[ -~]*$/.test(line) && !/[\\[\]^|!$@#`~]/.test(line))
  const read = letters.filter((line) => byKernel(codec, line) === alone(codec, Buffer.from(line)))
  expect(read.length).toBeGreaterThan(letters.length / 2)
})

const otherClauses = [
  'PIC S9(3)PPP',
  'PIC SVPP9(3)',
  'PIC S9(3)P COMP-3',
  'PIC VP9(4) COMP',
  'COMP-1',
  'COMP-2',
  'PIC N(4) NATIONAL',
  'PIC U(4)',
  'PIC ZZ9.99',
  'PIC -(4)9',
  'PIC X/XX',
  'PIC +9.99E+99',
  'PIC 9(4) BLANK WHEN ZERO',
  'POINTER',
  'INDEX',
  'PIC S9(4) COMP SYNC',
]

test('fields of other kinds', () => {
  const values = [
    '',
    '0',
    '1',
    '-1',
    '123000',
    '0.00123',
    '1.5',
    '-1.5E+10',
    '1.00E+10',
    '0000000000000000',
    'AB',
    '0.00',
    'A/BC',
    '00',
    '     ',
    '中',
    '99999',
  ]
  const codec = recordCodec(layoutWith(otherClauses), { codePage: 'cp037' })
  const fields = [...codec.plan.fields.values()].filter(({ key }) => key.startsWith('f'))
  const plain = fields.map(({ store }) => JSON.stringify(store.read(store.initial, 0, { residue: false })))
  const lines = otherClauses.flatMap((_, i) =>
    [...values.map((value) => `"${value}"`), ...noStrings].map((value) => lineWith(plain, i, value)),
  )
  const base = lineWith(plain, -1, '')
  expect(byKernel(codec, base)).toBe(alone(codec, Buffer.from(base)))
  compare(codec, Buffer.from(lines.join('\n')))
})

test('tables, groups, hidden bytes and views', () => {
  const text = `01 R. 05 G OCCURS 2. 10 A PIC 9(2). 10 FILLER PIC X(2). 10 S OCCURS 2 PIC X. 05 FILLER PIC X(20) VALUE 'HIDDEN'.
    05 D PIC 9(8). 05 X REDEFINES D PIC X(8). 05 Y REDEFINES D. 10 Y1 PIC X(4). 10 Y2 PIC S9(4). 05 E PIC X(2).`
  const start = '{"g":[{"a":"1","s":["A","B"]},{"a":"12","s":["","C"]}]'
  const views = ['"d":"20240131"', '"x":"20240131"', '"y":{"y1":"2024","y2":"131"}']
  const wrong = [
    '"x":"20240132"',
    '"x":"20240131 "',
    '"y":{"y1":"2024","y2":"132"}',
    '"y":{"y1":"2024"}',
    '"y":null',
    '"x":1',
    '"d":"x"',
    '"x":"X"',
  ]
  const sets = [
    views,
    views.slice(0, 1),
    views.slice(0, 2),
    [views[0], views[2]],
    views.slice(1),
    views.slice(2),
    [views[1], views[0]],
    [],
  ]
  const all = [
    ...sets,
    ...wrong.flatMap((one) => sets.map((set) => [...set, one])),
    ...wrong.map((one) => [views[0], one]),
  ]
  const ends = [
    '',
    ',"$residue":"4:F1"',
    ',"$residue":"34:F9"',
    ',"$residue":"41:D1"',
    ',"$residue":"12:00*20"',
    ',"$residue":""',
    ',"$residue":1',
    ',"z":"1"',
    ' ',
  ]
  const lines = all.flatMap((set) => ends.map((end) => `${[start, ...set, '"e":"E"'].join(',')}${end}}`))
  for (const options of [
    {},
    { canonical: true },
    { undeclaredViews: 'all' },
    { undeclaredViews: 'all', canonical: true },
  ] as const) {
    const codec = recordCodec(layoutOf(text), { codePage: 'cp037', surplus: 'keep', ...options })
    compare(codec, Buffer.from(lines.join('\n')))
    const [first = ''] = lines.slice(options.undeclaredViews ? 0 : ends.length)
    expect(byKernel(codec, first)).toBe(alone(codec, Buffer.from(first)))
  }
})

test('lines that are cut anywhere, and bytes in the place of any other', () => {
  const codec = recordCodec(layoutWith(['PIC X(20)', 'PIC S9(5)V99', 'PIC S9(17)V9 COMP-3', 'PIC S9(9) COMP']), {
    codePage: 'cp037',
  })
  const line = Buffer.from(
    '{"t":"XYZ","f0":"some text","t0":"ab","f1":"-123.45","t1":"ab","f2":"12345678901234567.8","t2":"ab","f3":"-7","t3":"ab"}\n',
  )
  const cut = Array.from(line, (_, at) => [line.subarray(0, at), Buffer.from('\n'), line])
  const odd = [0x00, 0x0a, 0x20, 0x22, 0x2d, 0x2e, 0x2f, 0x30, 0x3a, 0x5c, 0x7d, 0x80, 0xc3, 0xff]
  const changed = Array.from(line, (_, at) =>
    odd.map((byte) => Buffer.concat([line.subarray(0, at), Uint8Array.of(byte), line.subarray(at + 1)])),
  )
  compare(codec, Buffer.concat([...cut.flat(), ...changed.flat()]))
})
