// Reference formats: physical lines become logical lines, without comments, sequence numbers and identification, continuations joined.
//
//   columns  1......6 7 8........................................72 73....80
//   fixed    sequence i text                                        identification
//   variable sequence i text ................................................
//   free     text ...........................................................
//   i: blank, * / comment, - continuation, D debugging line, $ directive
//   >>IF and its kin cut a text into passages: what they ask may be defined by a member that the passage before copies. So do the headers of
//   divisions, whose words say how to read the lines behind them.

import type { TextMistakes } from '../mistakes.ts'
import type { ReferenceFormat } from '../options.ts'
import { detectFormat } from './detect-format.ts'
import { processStatement } from './process-statement.ts'
import type { Origin, Standing } from './spot.ts'

/** A line as the compiler sees it, made of one or (by continuation) several pieces of physical lines. */
export interface LogicalLine {
  text: string
  readonly pieces: LinePiece[]
}

interface LinePiece {
  /** Index in the logical text where the piece begins. */
  readonly at: number
  readonly line: number
  /** Index of its first character in the physical line, tabs expanded. */
  readonly from: number
  /** Column of each character of the expanded line, where tabs made them differ. */
  readonly columns: readonly number[] | undefined
}

/** Line and column, from 1, of a character of a logical line. */
export function locate({ pieces }: LogicalLine, index: number): { line: number; column: number } {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((pieces[middle]?.at ?? 0) <= index) low = middle
    else high = middle - 1
  }
  const found = pieces[low]
  if (!found) return { line: 1, column: 1 }
  const expanded = found.from + index - found.at
  return { line: found.line, column: found.columns?.[expanded] ?? expanded + 1 }
}

const TAB_WIDTH = 8
const RIGHT_MARGIN = 72
/** Far more than any literal or word needs; bounds the work for hostile text. */
const CONTINUATION_LINES = 1000
const tooManyLines = `a line is continued more than ${CONTINUATION_LINES} times`
const SOURCE_FORMAT =
  /^(?:>>\s*SOURCE\s+(?:FORMAT\s+)?(?:IS\s+)?|\$SET\s+SOURCEFORMAT\s*[("']?\s*)(FREE|FIXED|VARIABLE)\b/i
const DOLLAR = /^\$\s*(?:SET|IF|ELSE|ELIF|END|END-IF|EVALUATE|WHEN|END-EVALUATE|DISPLAY|REGION|END-REGION)\b/i
const UNSUPPORTED = /^\$\s*(?:IF|ELSE|ELIF|END-IF|EVALUATE|WHEN|END-EVALUATE)\b/i
/** Options of the compiler in the text, by Micro Focus: they may change sizes and boundaries. */
const SET = /^\$\s*SET\b/i
const CONDITIONAL = /^>>\s*(?:DEFINE|IF|ELIF|ELSE|END-IF|EVALUATE|WHEN|END-EVALUATE)(?![\w-])/i
/** Lines that only steer the listing. */
const LISTING = /^\s*(?:(?:EJECT|SKIP[123])\s*\.?\s*$|TITLE\s+["']|(?:CBL|PROCESS)\s|\*(?:CBL|CONTROL)\b)/i
const DIVISION = /^\s*(?:IDENTIFICATION|ID|ENVIRONMENT|DATA|PROCEDURE)\s+DIVISION\b/i

/** Lines up to a directive of conditional compilation, or to the header of a division. */
export interface Passage {
  readonly lines: readonly LogicalLine[]
  /** Undefined behind the header of a division and at the end of the text. */
  readonly directive: LogicalLine | undefined
}

/** What is known while the lines of a text are joined. */
interface Joining {
  readonly origin: Origin
  readonly mistakes: TextMistakes
  lines: LogicalLine[]
  format: ReferenceFormat
  /** The quote of a literal that is open at the end of the last line, or ''. */
  open: string
  /** The quote of a literal that `'-` at the end of the last line continues, or ''. */
  floating: string
}

/**
 * The logical lines of a text, passage by passage; those of a passage that begins while `omitted` says so are left out.
 * A `>>SOURCE FORMAT` line changes the format from the next line on.
 */
export function* passages(
  origin: Origin,
  asked: 'auto' | ReferenceFormat,
  mistakes: TextMistakes,
  standing: Standing,
  omitted: () => boolean,
): Generator<Passage> {
  const format = asked === 'auto' ? detectFormat(origin.lines) : asked
  const joining: Joining = { origin, mistakes, lines: [], format, open: '', floating: '' }
  const cut = (directive?: LogicalLine): Passage => {
    const { lines } = joining
    joining.lines = []
    joining.open = ''
    joining.floating = ''
    return { lines, directive }
  }
  let begun = false
  for (const [index, raw] of origin.lines.entries()) {
    const directive = directiveOf(raw, joining.format)
    if (directive !== undefined && CONDITIONAL.test(directive)) {
      yield cut(directiveLine(raw, joining.format, index + 1))
    } else if (directive !== undefined) {
      if (!omitted()) obey(directive, joining, index + 1)
    } else if (!omitted() && (begun || processStatement(raw) === undefined)) {
      readInto(joining, raw, index + 1, standing.debugging)
      begun ||= joining.lines.length > 0
      if (DIVISION.test(joining.lines.at(-1)?.text ?? '')) yield cut()
    }
  }
  yield cut()
}

function readInto(joining: Joining, raw: string, line: number, debugging: boolean): void {
  const physical = readLine(raw, joining.format)
  if (physical.indicator === 'comment' || (physical.indicator === 'debug' && !debugging)) return
  if (physical.indicator === 'continuation') joinLine(joining, physical, line)
  else if (joining.floating === '' || !joinFloating(joining, physical, line)) addLine(joining, physical, line)
}

function obey(directive: string, joining: Joining, line: number): void {
  const { origin, mistakes } = joining
  const spot = { origin, line, column: 1 }
  const changed = SOURCE_FORMAT.exec(directive)?.[1]?.toLowerCase()
  if (changed === 'free' || changed === 'fixed' || changed === 'variable') joining.format = changed
  else if (SET.test(directive)) mistakes.note(`not read: ${directive.trim()}`, spot)
  const unsupported = UNSUPPORTED.exec(directive)?.[0]
  if (unsupported !== undefined) mistakes.add('DIRECTIVE_UNSUPPORTED', { directive: unsupported.toUpperCase() }, spot)
}

/** A directive ends with its line, at the right margin or where a comment begins. */
function directiveLine(raw: string, format: ReferenceFormat, line: number): LogicalLine {
  const { text, columns } = expandTabs(raw)
  const from = text.indexOf('>>')
  const written = text.slice(from, format === 'fixed' ? RIGHT_MARGIN : undefined)
  const { comment } = scanQuotes(written, '')
  return { text: comment < 0 ? written : written.slice(0, comment), pieces: [{ at: 0, line, from, columns }] }
}

function addLine(joining: Joining, { text, from, columns }: PhysicalLine, line: number): void {
  const trimmed = text.trimEnd()
  if (trimmed === '' || LISTING.test(trimmed)) return
  const { open, comment } = scanQuotes(text, '')
  joining.open = open
  joining.lines.push({ text: comment < 0 ? text : text.slice(0, comment), pieces: [{ at: 0, line, from, columns }] })
  joining.floating = open === '' ? floatingAt(joining.lines.at(-1)) : ''
}

/** `'-` or `"-` at the end of a line, behind a literal that goes on in the next one (IBM and COBOL 2002: floating continuation). */
function floatingAt(line: LogicalLine | undefined): string {
  const text = line?.text.trimEnd() ?? ''
  const quote = text.charAt(text.length - 2)
  if (!text.endsWith('-') || (quote !== '"' && quote !== "'")) return ''
  // The quote closes a literal: what stands before it leaves one open.
  return scanQuotes(text.slice(0, -2), '').open === quote ? quote : ''
}

/** Continues the literal that `'-` left unfinished; false where the line does not begin with its quote. */
function joinFloating(joining: Joining, { text, from, columns }: PhysicalLine, line: number): boolean {
  const last = joining.lines.at(-1)
  const skip = text.length - text.trimStart().length + 1
  if (text.trim() === '') return true
  if (last === undefined || text.charAt(skip - 1) !== joining.floating) return false
  if (last.pieces.length > CONTINUATION_LINES) {
    const { origin, mistakes } = joining
    mistakes.add('CONTINUATION_INVALID', { problem: tooManyLines }, { origin, line, column: 1 })
    return false
  }
  last.text = last.text.trimEnd().slice(0, -2)
  const rest = text.slice(skip)
  const { open, comment } = scanQuotes(rest, joining.floating)
  last.pieces.push({ at: last.text.length, line, from: from + skip, columns })
  last.text += comment < 0 ? rest : rest.slice(0, comment)
  joining.open = open
  joining.floating = open === '' ? floatingAt(last) : ''
  return true
}

/** A directive, wherever it may begin in the format. A comment is none, whatever it says. */
function directiveOf(raw: string, format: ReferenceFormat): string | undefined {
  const text = raw.trimStart()
  if (text.startsWith('*')) return undefined
  // A line may also begin with the picture $$,$$9.99: its PIC stands on the line before.
  if (text.startsWith('>>') || DOLLAR.test(text)) return /^>>\s*D\s/i.test(text) ? '' : text
  const area = format === 'free' ? '' : raw.slice(6).trimStart()
  return area.startsWith('>>') || (area !== '' && raw.charAt(6) === '$') ? area : undefined
}

interface PhysicalLine {
  readonly indicator: 'text' | 'comment' | 'continuation' | 'debug'
  readonly text: string
  readonly from: number
  readonly columns: readonly number[] | undefined
}

function readLine(raw: string, format: ReferenceFormat): PhysicalLine {
  const { text, columns } = expandTabs(raw)
  if (format === 'free') {
    return { indicator: /^\s*\*/.test(text) ? 'comment' : 'text', text, from: 0, columns }
  }
  const indicator = text.charAt(6)
  const body = text.slice(7, format === 'fixed' ? RIGHT_MARGIN : undefined)
  const line = { text: body, from: 7, columns }
  // No sequence number begins like this.
  if (/^\s{0,5}\*>/.test(text)) return { ...line, indicator: 'comment' }
  if (indicator === '*' || indicator === '/') return { ...line, indicator: 'comment' }
  if (indicator === '-') return { ...line, indicator: 'continuation' }
  if (indicator === 'D' || indicator === 'd') return { ...line, indicator: 'debug' }
  return { ...line, indicator: 'text' }
}

function expandTabs(raw: string): { text: string; columns: readonly number[] | undefined } {
  if (!raw.includes('\t')) return { text: raw, columns: undefined }
  const columns: number[] = []
  let text = ''
  for (let index = 0; index < raw.length; index++) {
    const tab = raw.charAt(index) === '\t'
    const width = tab ? TAB_WIDTH - (text.length % TAB_WIDTH) : 1
    text += tab ? ' '.repeat(width) : raw.charAt(index)
    for (let count = 0; count < width; count++) columns.push(index + 1)
  }
  return { text, columns }
}

/** Appends a continuation line to the last one. */
function joinLine(joining: Joining, { text, from, columns }: PhysicalLine, line: number): void {
  const { origin, mistakes, open, format } = joining
  const last = joining.lines.at(-1)
  const complain = (problem: string) => mistakes.add('CONTINUATION_INVALID', { problem }, { origin, line, column: 7 })
  if (last === undefined) {
    complain('there is no line before to continue')
    return
  }
  if (last.pieces.length > CONTINUATION_LINES) {
    complain(tooManyLines)
    return
  }
  let skip = text.length - text.trimStart().length
  const first = text.charAt(skip)
  if (open !== '') {
    if (first === open) skip++
    else complain(`the continued literal must go on after a ${open === '"' ? 'double' : 'single'} quote`)
    last.text = padded(last, format)
  } else {
    const closed = last.text.trimEnd()
    // A quote in column 72 may be the first half of a doubled one: the continuation then begins with two quotes.
    const half = /["']/.test(first) && closed.endsWith(first) && columnsUsed(last, closed.length) >= RIGHT_MARGIN
    if (half) skip++
    last.text = closed
  }
  const rest = text.slice(skip)
  const scanned = scanQuotes(rest, open)
  last.pieces.push({ at: last.text.length, line, from: from + skip, columns })
  last.text += scanned.comment < 0 ? rest : rest.slice(0, scanned.comment)
  joining.open = scanned.open
}

/** Expanded columns that the last physical line of a logical line takes up to `length`. */
function columnsUsed({ pieces }: LogicalLine, length: number): number {
  const piece = pieces.at(-1)
  return piece ? piece.from + length - piece.at : 0
}

/** A continued literal keeps everything up to column 72, so blanks at the end of a fixed line count. */
function padded(line: LogicalLine, format: ReferenceFormat): string {
  const missing = RIGHT_MARGIN - columnsUsed(line, line.text.length)
  return format === 'fixed' && missing > 0 ? line.text + ' '.repeat(missing) : line.text
}

/** What matters outside of literals: a quote, or the beginning of a comment. */
const QUOTE_OR_COMMENT = /["']|(?<!\S)\*>/g

/**
 * Which quote is open after the text (a doubled quote closes and opens), and where a `*>` comment begins (or -1). Not character by character: all
 * of a copybook goes through here once, at the start of a command, when such a loop is slow.
 */
function scanQuotes(text: string, before: string): { open: string; comment: number } {
  let open = before
  for (let at = 0; ; ) {
    if (open !== '') {
      const close = text.indexOf(open, at)
      if (close < 0) return { open, comment: -1 }
      open = ''
      at = close + 1
    }
    QUOTE_OR_COMMENT.lastIndex = at
    const found = QUOTE_OR_COMMENT.exec(text)
    if (!found) return { open, comment: -1 }
    if (found[0] === '*>') return { open, comment: found.index }
    open = found[0]
    at = found.index + 1
  }
}
