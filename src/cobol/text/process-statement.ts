// CBL and PROCESS statements: the compiler options that a program brings along, in front of its first division.
//
//   CBL NSYMBOL(DBCS),TRUNC(BIN) DEFINE(RELEASE=2)
//
// IBM, Enterprise COBOL Programming Guide: specifying compiler options in the PROCESS (CBL) statement. They count more than those that the
// compiler is started with.

import type { CompilerOptions } from '../layout.ts'
import type { TextMistakes } from '../mistakes.ts'
import type { ProgramOptions } from '../options.ts'
import type { Origin, Spot } from './spot.ts'

/** The options of a CBL or PROCESS statement; undefined for any other line. A sequence number may stand before it. */
export function processStatement(line: string): string | undefined {
  return /^(?:\d.{5} |\s*)\s*(?:CBL|PROCESS)\s+(.*)$/i.exec(line.slice(0, 72))?.[1]
}

/** What the statements of a program say. */
export interface ProcessOptions {
  readonly settings: Partial<CompilerOptions>
  readonly define: ProgramOptions['define']
  /** Values of IBM's predefined compilation variables. */
  readonly predefined: ProgramOptions['define']
  /** The page that CODEPAGE names: `cp1140`. */
  readonly codePage: string | undefined
}

interface StatementReading {
  codePage: string | undefined
  settings: Partial<CompilerOptions>
  define: Record<string, string | number | boolean>
  predefined: Record<string, string | number | boolean>
  readonly mistakes: TextMistakes
}

type Option = (reading: StatementReading, value: string | undefined) => boolean

/** Reads the statements in front of a program; each option that is not read is told in a note. */
export function readProcessStatements(
  origin: Origin,
  asked: Partial<ProgramOptions>,
  mistakes: TextMistakes,
): ProcessOptions {
  const reading: StatementReading = { settings: {}, define: {}, predefined: {}, codePage: undefined, mistakes }
  for (const [index, line] of origin.lines.entries()) {
    const text = processStatement(line)
    if (text !== undefined) readOptions(text, reading, { origin, line: index + 1, column: line.lastIndexOf(text) + 1 })
    else if (!isPassedBy(line)) break
  }
  reportDifferences(reading, asked, { origin, line: 1, column: 1 })
  return reading
}

/** Blank lines, comments and directives may stand between. */
function isPassedBy(line: string): boolean {
  const text = line.trim()
  return text === '' || /^(?:\*|>>|\$)/.test(text) || '*/'.includes(line.charAt(6) || ' ')
}

function readOptions(text: string, reading: StatementReading, spot: Spot): void {
  const unread: string[] = []
  for (const option of optionsIn(text)) {
    const [, name = '', value] = /^([A-Z0-9-]+)(?:\((.*)\))?$/is.exec(option) ?? []
    const read = OPTIONS.get(name.toUpperCase())
    if (!read?.(reading, value)) unread.push(option)
  }
  if (unread.length === 0) return
  reading.mistakes.note(`not read: ${unread.join(', ')}; the other options of the statement are`, spot)
}

/** Cut at commas and blanks that stand outside of parentheses and quotes. */
function optionsIn(text: string): string[] {
  const found = text.match(/(?:[^\s,('"]|\((?:[^()'"]|\([^()]*\)|'[^']*'|"[^"]*")*\)|'[^']*'|"[^"]*")+/g)
  return found ?? []
}

/** An option that takes one of a few words, some of which have abbreviations. */
function word<O extends 'trunc' | 'numproc' | 'zonedata' | 'arith' | 'nsymbol'>(
  name: O,
  words: Readonly<Record<string, CompilerOptions[O]>>,
): Option {
  return (reading, value) => {
    const said = words[(value ?? '').trim().toUpperCase()]
    if (said === undefined) return false
    reading.settings = { ...reading.settings, [name]: said }
    return true
  }
}

const trunc = word('trunc', { STD: 'STD', OPT: 'OPT', BIN: 'BIN' })
const numproc = word('numproc', { PFD: 'PFD', NOPFD: 'NOPFD', MIG: 'NOPFD' })
const zonedata = word('zonedata', { PFD: 'PFD', NOPFD: 'NOPFD', MIG: 'MIG' })
const arith = word('arith', { COMPAT: 'COMPAT', C: 'COMPAT', EXTEND: 'EXTEND', E: 'EXTEND' })
const nsymbol = word('nsymbol', { NATIONAL: 'NATIONAL', NAT: 'NATIONAL', DBCS: 'DBCS' })

const lp: Option = (reading, value) => {
  if (value !== '32' && value !== '64') return false
  reading.settings = { ...reading.settings, lp: value === '64' ? 64 : 32 }
  return true
}

/** INVDATA took the place of ZONEDATA: with it the zones of digits are not looked at. */
const invdata = (zones: CompilerOptions['zonedata']): Option => {
  return (reading) => {
    reading.settings = { ...reading.settings, zonedata: zones }
    return true
  }
}

/** `CURRENCY('€')`: a sign of one character, which also stands in pictures. */
const currency: Option = (reading, value) => {
  const sign = /^(['"])(.)\1$/.exec(value ?? '')?.[2]
  if (sign === undefined) return false
  reading.settings = { ...reading.settings, currencySign: sign }
  return true
}

/** `DEFINE(RELEASE=2,REGION='EU',TEST)`; a name alone is B'1'. */
const define: Option = (reading, value) => {
  const definitions = (value ?? '').match(/(?:[^,'"]|'[^']*'|"[^"]*")+/g) ?? []
  return definitions.length > 0 && definitions.every((definition) => defineOne(definition.trim(), reading))
}

function defineOne(definition: string, reading: StatementReading): boolean {
  const [, name, value = "B'1'"] = /^([A-Z0-9][A-Z0-9_-]*)(?:=(.*))?$/is.exec(definition) ?? []
  if (name === undefined) return false
  const boolean = /^B(['"])([01])\1$/i.exec(value)?.[2]
  const text = /^(['"])(.*)\1$/s.exec(value)?.[2]
  if (boolean === undefined && text === undefined && !/^[+-]?\d{1,15}$/.test(value)) return false
  reading.define[name.toUpperCase()] = boolean === undefined ? (text ?? Number(value)) : boolean === '1'
  return true
}

/** Data of a program compiled with CODEPAGE is read with that page; which page a command reads with is asked there. */
const codepage: Option = (reading, value) => {
  if (!/^\d{1,5}$/.test(value ?? '')) return false
  reading.codePage = `cp${value?.padStart(3, '0')}`
  return true
}

/** An option that says B'1' or B'0' in a predefined variable and nothing else. */
const predefined = (variable: string, holds: boolean): Option => {
  return (reading) => {
    reading.predefined[variable] = holds
    return true
  }
}

const integer = (variable: string): Option => {
  return (reading, value) => {
    if (!/^\d{1,3}$/.test(value ?? '')) return false
    reading.predefined[variable] = Number(value)
    return true
  }
}

const BOOLEANS: readonly (readonly [option: string, variable: string])[] = [
  ['CICS', 'IGY-CICS'],
  ['DLL', 'IGY-DLL'],
  ['DYNAM', 'IGY-DYNAM'],
  ['DYN', 'IGY-DYNAM'],
  ['SQL', 'IGY-SQL'],
  ['SQLIMS', 'IGY-SQLIMS'],
  ['THREAD', 'IGY-THREAD'],
]

const OPTIONS: ReadonlyMap<string, Option> = new Map<string, Option>([
  ['TRUNC', trunc],
  ['NUMPROC', numproc],
  ['ZONEDATA', zonedata],
  ['ZD', zonedata],
  ['INVDATA', invdata('MIG')],
  ['INVD', invdata('MIG')],
  ['NOINVDATA', invdata('PFD')],
  ['NOINVD', invdata('PFD')],
  ['ARITH', arith],
  ['AR', arith],
  ['NSYMBOL', nsymbol],
  ['NS', nsymbol],
  ['LP', lp],
  ['CURRENCY', currency],
  ['CURR', currency],
  ['DEFINE', define],
  ['DEF', define],
  ['CODEPAGE', codepage],
  ['CP', codepage],
  ['ARCH', integer('IGY-ARCH')],
  ['OPTIMIZE', integer('IGY-OPTIMIZE')],
  ['OPT', integer('IGY-OPTIMIZE')],
  ...BOOLEANS.flatMap(([option, variable]): [string, Option][] => [
    [option, predefined(variable, true)],
    [`NO${option}`, predefined(variable, false)],
  ]),
])

/** What was asked for and the program says otherwise. */
function reportDifferences(
  { settings, define, mistakes }: StatementReading,
  asked: Partial<ProgramOptions>,
  spot: Spot,
): void {
  const variables = Object.entries(asked.define ?? {}).map(([name, value]): [string, unknown] => [
    name.toUpperCase(),
    value,
  ])
  const given = new Map<string, unknown>([...Object.entries(asked), ...variables])
  for (const [name, value] of [...Object.entries(settings), ...Object.entries(define)]) {
    const other = given.get(name)
    if (other === undefined || other === value) continue
    mistakes.note(`the program is compiled with ${name} ${value}, which counts more than the ${other} asked for`, spot)
  }
}
