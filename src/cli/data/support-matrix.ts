// The support matrix: what is supported, and the tests that prove it. test/cli/data/support.test.ts runs one proof a row and holds every
// test named here against the file it is said to stand in.

/** One feature and the tests that prove it. */
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

/** The support matrix, in the order in which it is printed; a test holds it against the names of tests. */
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
  row(
    'copybooks',
    'conditional compilation: >>IF, >>EVALUATE, >>DEFINE, and values from outside',
    'cobol/text/conditional.test.ts › which lines count',
    'cobol/text/conditional.test.ts › GnuCOBOL keeps the same lines',
    'cli/data/compiler-options.test.ts › --define: the lines that %s chooses',
    'catalog/copybooks.test.ts › define: the variant of a copybook that the programs were compiled with',
  ),
  row('copybooks', 'COPY, nested, with REPLACING', 'cobol/text/copy.test.ts › COPY'),
  row('copybooks', 'REPLACE', 'cobol/text/copy.test.ts › REPLACE'),
  row(
    'copybooks',
    'EXEC SQL INCLUDE, with SQLCA and SQLDA',
    'cobol/text/copy.test.ts › EXEC SQL INCLUDE copies as COPY does',
    'cli/data/programs.test.ts › a member of EXEC SQL INCLUDE',
  ),
  row(
    'copybooks',
    'other EXEC blocks, as of DCLGEN, skipped with a note',
    'cobol/text/copy.test.ts › other EXEC blocks are skipped with a note',
  ),
  row(
    'copybooks',
    'whole programs: the data divisions, and what the other divisions say of pictures, copied members included',
    'cli/data/programs.test.ts › SPECIAL-NAMES of a copied member',
  ),
  row(
    'copybooks',
    'CBL and PROCESS statements of a program',
    'cobol/text/process-statement.test.ts › options of the compiler',
    'cobol/text/process-statement.test.ts › compilation variables',
    'cli/data/programs.test.ts › NSYMBOL and CODEPAGE of a CBL statement',
  ),
  row(
    'copybooks',
    'a mistake refuses the records that it spoils, and no other',
    'cobol/wanted-records.test.ts › one of several records',
    'cobol/wanted-records.test.ts › members that only the mainframe has',
    'cli/data/programs.test.ts › what was not asked for does not stop what was',
  ),
  row(
    'copybooks',
    'a copybook that was fetched in binary: EBCDIC',
    'cobol/text/ebcdic-text.test.ts › cards and lines of EBCDIC',
  ),
  row(
    'copybooks',
    'dialects: IBM, GnuCOBOL and its -std ibm, mvs, bs2000, Micro Focus',
    'cobol/oracle.test.ts › random layouts of dialect %s',
  ),
  row('copybooks', 'DECIMAL-POINT IS COMMA, CURRENCY SIGN', 'cobol/picture.test.ts › DECIMAL-POINT IS COMMA'),
  row(
    'copybooks',
    'every mistake with file, line, column, caret and hint',
    'cobol/mistakes.test.ts › each mistake has its code and its place',
  ),
  row(
    'copybooks',
    'a member that is there to be copied with REPLACING is told as such',
    'cli/data/data.test.ts › of a member that is there to be copied with REPLACING',
  ),
  row(
    'copybooks',
    'TRUNC, NUMPROC, ZONEDATA, ARITH, NSYMBOL, dialect: options of the command line and of adapters',
    'cli/data/compiler-options.test.ts › --arith and --nsymbol',
    'cli/data/compiler-options.test.ts › --trunc',
    'cli/data/compiler-options.test.ts › --numproc',
    'cli/data/compiler-options.test.ts › --zonedata',
    'cli/data/compiler-options.test.ts › --dialect and --endian',
    'catalog/copybooks.test.ts › are those of the transaction, else of the adapter',
  ),
  row(
    'copybooks',
    'OCCURS DEPENDING ON under REDEFINES: refused as IBM does (IGYDS1169-S)',
    'cobol/mistakes.test.ts › REDEFINES_VARIABLE',
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
  record(
    'COMP-X, unsigned binary of any number of bytes, outside of IBM',
    'cobol/oracle.test.ts › random layouts of dialect %s',
  ),
  record('little-endian binary by dialect option'),
  record('TRUNC(BIN): the full binary range'),
  record('PIC N and NATIONAL, UTF-16'),
  record('PIC G and DISPLAY-1'),
  record('PIC U, UTF-8'),
  record('POINTER, INDEX and their kin, as hexadecimal'),
  record('SYNCHRONIZED with slack bytes, kept byte for byte'),
  record('REDEFINES with a declared discriminator', 'wire/record-wire.test.ts › the view is that of the product'),
  record(
    'REDEFINES chosen by a condition over several fields',
    'codec/plan/view-conditions.test.ts › %s of %s: %s',
    'codec/plan/view-conditions.test.ts › bind the values that go together',
  ),
  record('REDEFINES larger than its target'),
  record('OCCURS, nested'),
  record('OCCURS DEPENDING ON at the end', 'wire/record-wire.test.ts › as many entries as the counter says'),
  record('OCCURS DEPENDING ON in the middle, padded to its maximum'),
  record('OCCURS DEPENDING ON nested and variably located'),
  record(
    'OCCURS UNBOUNDED, up to what its counter can count',
    'codec/unbounded-tables.test.ts › %i occurrences: both ways, without memory for the others',
    'cobol/mistakes.test.ts › OCCURS_UNBOUNDED',
  ),
  record(
    'OCCURS DEPENDING ON a counter that holds a code',
    'codec/coded-counters.test.ts › %s, both ways',
    'codec/plan/codes-per-table.test.ts › %s, both ways',
    'catalog/copybooks.test.ts › a counter that holds a code is named where its transaction stands',
  ),
  row(
    'records',
    'OCCURS DEPENDING ON a counter outside of the record',
    'codec/plan/outside-counters.test.ts › a table at the end of the record',
    'codec/plan/outside-counters.test.ts › a declared number',
  ),
  row(
    'records',
    'VARCHAR columns (pairs of level 49) as one text, on request',
    'codec/text/varying-text.test.ts › a pair of level 49',
  ),
  row(
    'records',
    'SQL TYPE: large objects, their locators and files, ROWID and binary host variables of Db2',
    'cobol/layout.test.ts › host variables of Db2 are the groups that its precompiler makes of them',
  ),
  row(
    'records',
    'records that end early: with a shorter view, without FILLER or their last fields',
    'codec/run/short-record.test.ts › with the shorter view of a REDEFINES',
    'codec/run/short-record.test.ts › without its last fields',
    'codec/run/short-tables.test.ts › a table of varying number, and fields behind it',
  ),
  record('level 88 conditions', 'codec/golden.test.ts › schemas and types'),
  record('level 66 RENAMES beside the items it names'),
  record('level 77'),
  record('COPY with REPLACING, also of parts of words'),
  record('FILLER, kept byte for byte', 'corpora/carddemo.test.ts › comes back byte for byte'),
  record('mixed SO/SI fields', 'codepage/field-text.test.ts › a cut field is always text of its page'),
  record('invalid bytes by policy: null, raw, zero', 'cli/data/data.test.ts › --invalid'),
  record('dates by declared formats'),
  record(
    'decimals as strings, and as JSON numbers where they are exact',
    'codec/json-numbers.test.ts › schema and types',
  ),
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
  row(
    'data sets',
    'length fields and lengths by record type',
    'dataset/layout-lengths.test.ts › a length field',
    'dataset/layout-lengths.test.ts › record types of different lengths, as goes without saying',
    'dataset/layout-lengths.test.ts › record types that the file has longer and shorter than their layout',
  ),
  row(
    'data sets',
    'lengths by OCCURS DEPENDING ON without RDW',
    'dataset/layout-lengths.test.ts › one record type, whose counters tell the length',
    'dataset/layout-lengths.test.ts › random record types',
    'frame/formats.test.ts › a length by record type and by a counter',
  ),
  row(
    'data sets',
    'headers and trailers of lengths of their own; files that start or end at an offset',
    'dataset/layout-lengths.test.ts › headers, trailers and offsets',
    'frame/file-parts.test.ts › in pieces of any size',
  ),
  row('data sets', 'GnuCOBOL variable and line-sequential files', 'frame/gnucobol.test.ts › COB_VARSEQ_FORMAT'),
  row(
    'data sets',
    'headers, trailers, record selection',
    'frame/selection.test.ts › headers and trailers are told apart',
    'cli/data/data.test.ts › several record types',
  ),
  row(
    'data sets',
    'records that stand below each other (segments): nested JSON and back, one root at a time, in one thread',
    'dataset/segment/nest-records.test.ts › in the order of the file, both ways',
    'cli/data/parents.test.ts › decode and encode',
  ),
  row(
    'data sets',
    'messages: CICS sockets with their TRM; a message of a queue is one record',
    'frame/cics-trm.test.ts › the TRM is TRANID, comma, client-in-data',
    'frame/cics-trm.test.ts › TRM reply',
    'codec/golden.test.ts › bytes, with what is in them',
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
    'dataset/decode-file.test.ts › go on behind records that cannot be read, and tell them in their order',
  ),
  row(
    'data sets',
    'encoding in constant memory, with the line of a mistake',
    'cli/data/encode.test.ts › a large file takes no more memory than a small one: below 100 MB',
    'cli/data/encode.test.ts › mistakes are told with their line; what came before is written',
  ),
  row('output', 'layout as table and tree', 'cli/data/data.test.ts › as a table and as a tree'),
  row('output', 'JSON Schema 2020-12', 'cli/data/data.test.ts › schema'),
  row(
    'output',
    'OpenAPI 3.1 of operations, with the schemas of records',
    'api/openapi.test.ts › is valid OpenAPI 3.1',
    'api/openapi.test.ts › has schemas that compile, and every example fits its schema',
  ),
  row('output', 'TypeScript types', 'codec/golden.test.ts › schemas and types'),
  row('output', 'annotated hex dump', 'cli/data/data.test.ts › points at the byte that cannot be'),
  row(
    'output',
    'damage by a transfer in text mode is named',
    'codec/number/zoned.test.ts › as after a transfer in text mode',
    'cli/data/data.test.ts › a zoned decimal whose sign was translated to ASCII',
  ),
  row(
    'output',
    'REDEFINES without a rule: every view that can be read, or the first',
    'codec/differential/differential.test.ts › three implementations agree, and every record comes back',
    'codec/golden.test.ts › bytes, with what is in them',
  ),
  row(
    'output',
    'every record comes back byte for byte, valid or not: random layouts, random bytes',
    'codec/differential/differential.test.ts › three implementations agree, and every record comes back',
    'codec/fuzz.test.ts › any JSON is written or refused, and what is written reads back',
  ),
  row(
    'output',
    'typed error codes with place, field path and offset, each raised and documented',
    'cobol/mistakes.test.ts › no code of the family is without a case',
    'codec/record-codec.test.ts › FIELD_BYTES_INVALID',
    'docs.test.ts › raises no code that it does not hold',
  ),
  row(
    'output',
    'how COBOL becomes JSON: each example of docs/mapping.md',
    'docs-mapping.test.ts › the page has an example for each of its subjects',
  ),
  row('output', 'differences of two versions, breaking or not', 'cli/data/data.test.ts › what breaks nobody'),
  row('output', 'real EBCDIC files come back byte for byte', 'corpora/carddemo.test.ts › comes back byte for byte'),
]
