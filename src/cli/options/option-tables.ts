// The options that the commands over copybooks and records share, and what they do.

import type { Command } from '../command.ts'

/** Options of every command that reads a copybook. */
export const copybookOptions = {
  'copy-path': { type: 'string', multiple: true },
  record: { type: 'string' },
  dialect: { type: 'string' },
  'source-format': { type: 'string' },
  trunc: { type: 'string' },
  numproc: { type: 'string' },
  zonedata: { type: 'string' },
  arith: { type: 'string' },
  nsymbol: { type: 'string' },
  float: { type: 'string' },
  endian: { type: 'string' },
  'decimal-comma': { type: 'boolean' },
  define: { type: 'string', multiple: true },
} as const satisfies Command['options']

/** What `copybookOptions` do. */
export const copybookHelp = {
  'copy-path': "a folder to look for COPY members in; may be given several times; the copybook's own folder without it",
  record: 'the level 01 to take; needed where the copybook has several',
  dialect:
    'ibm (default), gnucobol, gnucobol-ibm, gnucobol-mvs or gnucobol-bs2000 (its -std), or microfocus: sizes of binary items and pointers, SYNC',
  'source-format': 'fixed, variable or free; found out without it',
  trunc: 'STD (default), OPT or BIN: the range of binary items',
  numproc: 'NOPFD (default: any sign A to F) or PFD: only preferred signs are valid',
  zonedata: 'PFD (default: the zone of a digit is F), NOPFD or MIG (as INVDATA): zones are ignored',
  arith: 'EXTEND (default: 31 digits) or COMPAT: 18 digits',
  nsymbol: 'NATIONAL (default) or DBCS: what PIC N without a usage is',
  float: 'HFP (IBM hexadecimal, default) or IEEE',
  endian: 'big (default) or little: byte order of binary items and floats',
  'decimal-comma': 'DECIMAL-POINT IS COMMA',
  define: "NAME=VALUE, a compilation variable for >>IF and >>EVALUATE: an integer, B'1', B'0' or a text; repeatable",
} as const

/** How records are read and written: code page, names, views, policies. */
export const recordOptions = {
  'code-page': { type: 'string' },
  names: { type: 'string' },
  prefix: { type: 'string' },
  views: { type: 'string' },
  invalid: { type: 'string' },
  numbers: { type: 'string' },
  'record-options': { type: 'string' },
} as const satisfies Command['options']

/** What `recordOptions` do. */
export const recordHelp = {
  'code-page':
    "cp037 (default, or what the program's own CODEPAGE says), cp500, cp1047, cp1140, cp930 …, ascii, latin1, utf-8; with ,swaplfnl NL and LF are exchanged",
  names: 'camelCase (default), dfhls2ws or verbatim',
  prefix: 'cut from the front of every field name: PE-',
  views: 'of a REDEFINES without a rule: all views that can be read (default), or first',
  invalid:
    'what bytes that are not valid for their picture give: error (default), null, raw or zero; FIELD=POLICY for one field',
  numbers:
    'fields that are JSON numbers instead of decimal strings: A,B or all that are exact (at most 15 digits): all',
  'record-options':
    'a JSON file with more: names, prefix, views, dates, classes, invalid, counters, outsideCounters, varchar, numbers, optional, short, blankLimit, variable; and file, how records lie in it, with the values of these options: { format, length, newline, rdwEndian, rdwAdjust, bdwAdjust, lengthField, select: [rules], recordLength: { NAME: bytes }, startOffset, endOffset }',
} as const

/** How records lie in a file. */
const formatOptions = {
  format: { type: 'string' },
  length: { type: 'string' },
  newline: { type: 'string' },
  'rdw-endian': { type: 'string' },
  'rdw-adjust': { type: 'string' },
  'bdw-adjust': { type: 'string' },
  'length-field': { type: 'string' },
  'record-length': { type: 'string', multiple: true },
  'block-size': { type: 'string' },
} as const satisfies Command['options']

const formatHelp = {
  format:
    'F (default), FB, V, VB, VS, VBS, text, varseq0 to varseq3 (GnuCOBOL), length-field, or by-layout: no descriptors, each record as long as its type and its counters say, as binary FTP leaves V files (default where --select tells types of different lengths by their bytes)',
  length: 'LRECL of F and FB: bytes of a record; the length of the layout without it',
  newline: "of text: nl (X'15', default for EBCDIC), lf-ebcdic (X'25'), lf (default for ASCII), crlf",
  'rdw-endian': 'byte order of record and block descriptors: big (default) or little',
  'rdw-adjust': 'what to add to a record descriptor: 4 where it does not count itself',
  'bdw-adjust': 'what to add to a block descriptor',
  'length-field':
    'OFFSET:SIZE[:binary|little-endian|zoned|packed[:ADJUST]]: the field that holds the length of the record',
  'record-length':
    'NAME=BYTES: records of this type are longer or shorter in the file than their layout; repeatable, for by-layout',
  'block-size': 'BLKSIZE of the blocks that encode writes; 32760 without it',
} as const

/** Of the commands that read or write the records of a file. */
export const fileOptions = { ...copybookOptions, ...recordOptions, ...formatOptions }
/** The help of `fileOptions`. */
export const fileHelp = { ...copybookHelp, ...recordHelp, ...formatHelp }

/** What of a file is read. */
export const offsetOptions = {
  'start-offset': { type: 'string' },
  'end-offset': { type: 'string' },
} as const satisfies Command['options']

/** What `offsetOptions` do. */
export const offsetHelp = {
  'start-offset': 'bytes at the start of the file that belong to no record and are passed over',
  'end-offset': 'bytes at the end of the file that belong to no record and are passed over',
} as const

/** Which records are of which type. */
export const selectOptions = { select: { type: 'string', multiple: true } } as const satisfies Command['options']

/** What `selectOptions` do. */
export const selectHelp = {
  select:
    "which records are of a type, for files of several: RECORD=OFFSET:'text', RECORD=OFFSET:X'C8C4', RECORD=header, RECORD=trailer, RECORD=length:N, RECORD=*; the first that holds counts",
} as const

/** Which records stand below which. */
export const parentOptions = { parent: { type: 'string', multiple: true } } as const satisfies Command['options']

/** What `parentOptions` do. */
export const parentHelp = {
  parent:
    'CHILD=PARENT, record types of --select: a CHILD belongs to the last PARENT before it. Then a line is a record without a parent, with all below it in $children; may be given several times',
} as const

/** Of the commands that describe the records of a copybook, which they take instead of a file too. */
export const describingOptions = {
  ...copybookOptions,
  ...recordOptions,
  ...selectOptions,
  ...parentOptions,
  copybook: { type: 'string' },
} as const satisfies Command['options']

/** The help of `describingOptions`. */
export const describingHelp = {
  ...copybookHelp,
  ...recordHelp,
  ...selectHelp,
  ...parentHelp,
  copybook: 'the copybook, instead of FILE',
} as const
