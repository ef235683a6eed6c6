// The support matrix: what is supported, and the tests that prove it. test/cli/data/support.test.ts runs one proof a row and holds every
// test named here against the file it is said to stand in.

export interface SupportRow {
  readonly area: 'copybooks' | 'records' | 'code pages' | 'data sets' | 'output'
  readonly feature: string
  /** `yes`, or what is still missing. */
  readonly state: 'yes' | { readonly missing: string }
  /** `FILE › TEST`: the path below test/ and the words of a test or describe in it. */
  readonly tests: readonly string[]
}

const proof = 'cli/data/support.test.ts'

/** A row of records: its proof is the case of the same name in test/cli/data/support-cases.ts. */
const record = (feature: string, ...more: string[]): SupportRow => ({
  area: 'records',
  feature,
  state: 'yes',
  tests: [`${proof} › ${feature}`, ...more],
})

const row = (area: SupportRow['area'], feature: string, ...tests: string[]): SupportRow => ({
  area,
  feature,
  state: 'yes',
  tests,
})

export const supportMatrix: readonly SupportRow[] = [
  row(
    'copybooks',
    'fixed format: sequence numbers, indicators, tabs',
    'cobol/text/reference-format.test.ts › fixed format',
  ),
  row(
    'copybooks',
    'continuation of words and literals',
    'cobol/text/reference-format.test.ts › a continued word joins without space',
  ),
  row(
    'copybooks',
    'free format, variable format, directives',
    'cobol/text/reference-format.test.ts › free format and directives',
  ),
  row('copybooks', 'format found out by itself', 'cobol/text/reference-format.test.ts › detection'),
  row('copybooks', 'COPY, nested, with REPLACING', 'cobol/text/copy.test.ts › COPY'),
  row('copybooks', 'REPLACE', 'cobol/text/copy.test.ts › REPLACE'),
  row(
    'copybooks',
    'EXEC SQL and DCLGEN skipped with a note',
    'cobol/text/copy.test.ts › EXEC blocks are skipped with a note',
  ),
  row('copybooks', 'DECIMAL-POINT IS COMMA, CURRENCY SIGN', 'cobol/picture.test.ts › DECIMAL-POINT IS COMMA'),
  row(
    'copybooks',
    'every mistake with file, line, column, caret and mend',
    'cobol/mistakes.test.ts › each mistake has its code and its place',
  ),
  row('copybooks', 'hostile text: bounded in time and memory', 'cobol/fuzz.test.ts › mutated texts'),
  record('PIC X, A, 9, S, V and repeats'),
  record('P scaling, leading and trailing'),
  record('numeric-edited pictures'),
  record('alphanumeric-edited and JUSTIFIED RIGHT'),
  record('zoned overpunch, trailing and leading', 'corpora/carddemo.test.ts › is exact'),
  record('SIGN SEPARATE, leading and trailing'),
  record('packed signs A to F, kept byte for byte'),
  record('packed to 38 digits'),
  record('COMP, COMP-4 and BINARY of 2, 4 and 8 bytes'),
  record('COMP-5 with its native range'),
  record('COMP-1 and COMP-2, IBM hexadecimal'),
  record('COMP-1 and COMP-2, IEEE'),
  record('COMP-6, packed without sign'),
  record('little-endian binary by dialect option'),
  record('TRUNC(BIN): the full binary range'),
  record('PIC N and NATIONAL, UTF-16'),
  record('PIC G and DISPLAY-1'),
  record('PIC U, UTF-8'),
  record('POINTER, INDEX and their kin, as hexadecimal'),
  record('SYNCHRONIZED with slack bytes, kept byte for byte'),
  record('REDEFINES with a declared discriminator', 'codec/record-wire.test.ts › the view is that of the product'),
  record('REDEFINES larger than its target'),
  record('OCCURS, nested'),
  record('OCCURS DEPENDING ON at the end', 'codec/record-wire.test.ts › as many entries as the counter says'),
  record('OCCURS DEPENDING ON in the middle, padded to its maximum'),
  record('OCCURS DEPENDING ON nested and variably located'),
  record('level 88 conditions', 'codec/typescript-types.test.ts › types of the deposits records'),
  record('level 66 RENAMES beside the items it names'),
  record('level 77'),
  record('COPY with REPLACING, also of parts of words'),
  record('FILLER, kept byte for byte', 'corpora/carddemo.test.ts › comes back byte for byte'),
  record('mixed SO/SI fields', 'codepage/field-text.test.ts › a cut field is always text of its page'),
  record('invalid bytes by policy: null, raw, zero', 'cli/data/data.test.ts › --invalid'),
  record('dates by declared formats'),
  row(
    'code pages',
    '57 single-byte EBCDIC pages',
    'codepage/tables.test.ts › decodes as ICU does',
    'codepage/tables.test.ts › encodes as ICU does',
  ),
  row(
    'code pages',
    'mixed pages 930 933 935 937 939 1364 1371 1388 1390 1399',
    'codepage/tables.test.ts › decodes and encodes every code as ICU does',
  ),
  row(
    'code pages',
    'agreement with glibc, differences explained',
    'codepage/tables.test.ts › differs from glibc as listed',
  ),
  row(
    'code pages',
    'NL and LF kept apart or exchanged',
    'codepage/code-page.test.ts › NL and LF: both kept apart, exchanged on request',
  ),
  row('code pages', 'padding and cutting of SO/SI text', 'codepage/field-text.test.ts › in %i bytes'),
  row('code pages', 'ASCII, ISO 8859-1 and UTF-8 records', 'codepage/code-page.test.ts › utf-8'),
  row('code pages', 'registered with iconv-lite', 'codepage/iconv-lite.test.ts › is known under its usual names'),
  row(
    'data sets',
    'F, FB, V, VB, VS, VBS, text',
    'frame/formats.test.ts › bytes and their records',
    'frame/formats.test.ts › what is written is read back',
  ),
  row(
    'data sets',
    'byte order and adjustment of descriptors',
    'frame/formats.test.ts › VB, little-endian',
    'frame/formats.test.ts › V whose lengths leave out the RDW',
  ),
  row('data sets', 'length fields and lengths by record type', 'frame/formats.test.ts › a length by record type'),
  row('data sets', 'GnuCOBOL variable and line-sequential files', 'frame/gnucobol.test.ts › COB_VARSEQ_FORMAT'),
  row(
    'data sets',
    'headers, trailers, record selection',
    'frame/selection.test.ts › headers and trailers are told apart',
    'cli/data/data.test.ts › several record types',
  ),
  row('data sets', 'reading goes on from a position', 'frame/formats.test.ts › reading goes on from any position'),
  row(
    'data sets',
    'hostile lengths refused',
    'frame/formats.test.ts › bytes that are not the format',
    'frame/formats.test.ts › any bytes give records or a classified failure',
  ),
  row(
    'data sets',
    'decoding in threads with ordered output',
    'cli/data/data.test.ts › gives the same lines and the same failures as one thread',
  ),
  row('output', 'layout as table and tree', 'cli/data/data.test.ts › as a table and as a tree'),
  row('output', 'JSON Schema 2020-12', 'cli/data/data.test.ts › schema'),
  row('output', 'TypeScript types', 'codec/typescript-types.test.ts › types of the deposits records'),
  row('output', 'annotated hex dump', 'cli/data/data.test.ts › points at the byte that cannot be'),
  row('output', 'differences of two versions, breaking or not', 'cli/data/data.test.ts › what breaks nobody'),
  row('output', 'real EBCDIC files come back byte for byte', 'corpora/carddemo.test.ts › comes back byte for byte'),
]
