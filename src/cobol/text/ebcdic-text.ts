// A copybook that was fetched in binary is EBCDIC: its bytes, which whoever read the file took for Latin-1, become characters and lines.
// Only the characters of COBOL are translated: they are the same in all Latin code pages.

const TABLE: ReadonlyMap<string, string> = new Map(
  (
    [
      [0x40, ' '],
      [0x4b, '.<(+'],
      [0x50, '&'],
      [0x5b, '$*);'],
      [0x60, '-/'],
      [0x6b, ',%_>?'],
      [0x7a, ':#@\'="'],
      [0x81, 'abcdefghi'],
      [0x91, 'jklmnopqr'],
      [0xa2, 'stuvwxyz'],
      [0xc1, 'ABCDEFGHI'],
      [0xd1, 'JKLMNOPQR'],
      [0xe2, 'STUVWXYZ'],
      [0xf0, '0123456789'],
      [0x05, '\t'],
    ] as const
  ).flatMap(([from, characters]) =>
    [...characters].map((character, index): [string, string] => [String.fromCharCode(from + index), character]),
  ),
)

/** What stands for a byte that is no character of COBOL. */
export const untranslated = '\ufffd'

const BLANK = '\u0040'
const NEWLINE = '\u0015'
const LINE_FEED = '\u0025'
const LINE_LENGTH = 80
const LOOKED_AT = 4000
const FEWEST = 20

/** Whether a text is EBCDIC: blanks are X'40', ASCII's are not there, and nearly all characters are those that COBOL is written in. */
export function isEbcdic(text: string): boolean {
  const start = text.slice(0, LOOKED_AT)
  if (start.length < FEWEST || start.includes(' ')) return false
  const known = [...start].filter((character) => TABLE.has(character) && (character === BLANK || character > '\u0080'))
  return start.includes(BLANK) && known.length > start.length * 0.7
}

/** Lines end with NL or LF (X'15', X'25'); where there are none, they are records of 80 bytes. */
export function ebcdicLines(text: string): string[] {
  const hasEnds = text.includes(NEWLINE) || text.includes(LINE_FEED)
  const lines = hasEnds
    ? text.replaceAll('\r', '').replaceAll(NEWLINE, LINE_FEED).split(LINE_FEED)
    : (text.match(new RegExp(`[^]{1,${LINE_LENGTH}}`, 'g')) ?? [])
  return lines.map((line) => [...line].map((character) => TABLE.get(character) ?? untranslated).join(''))
}
