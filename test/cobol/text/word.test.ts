// A line is cut into words as a reader does it character by character, whatever it holds.

import { expect, test } from '@jest/globals'
import { scanLine, type Word } from '../../../src/cobol/text/word.ts'
import { fc } from '../../support/property.ts'

const origin = { source: { name: 'TEST.cpy', text: '' }, lines: [], ebcdic: false, copiedBy: undefined }

type Cut = Pick<Word, 'kind' | 'text' | 'prefix' | 'spaced' | 'open' | 'column'>

function cut(text: string): Cut[] {
  const words: Word[] = []
  scanLine({ text, pieces: [{ at: 0, line: 1, from: 0, columns: undefined }] }, origin, words)
  return words.map(({ kind, text: written, prefix, spaced, open, column }) => {
    return { kind, text: written, prefix, spaced, open, column }
  })
}

const isSpace = (character: string): boolean => character.charCodeAt(0) <= 0x20 || character === '\u00a0'
const isBoundary = (rest: string): boolean => rest === '' || isSpace(rest.charAt(0)) || rest.startsWith('==')
const prefixes = ['', 'X', 'N', 'NX', 'G', 'GX', 'Z', 'U', 'UX']

/** One step of the reader: what stands at the start of `rest`, and how many characters it takes. */
function step(rest: string): { size: number; word?: Pick<Cut, 'kind' | 'text' | 'prefix' | 'open'> } {
  const [character = ''] = rest
  const plain = (kind: Cut['kind'], text: string) => ({
    size: text.length,
    word: { kind, text, prefix: '', open: false },
  })
  if (isSpace(character) || (',;'.includes(character) && isBoundary(rest.slice(1)))) return { size: 1 }
  if (character === '.' && isBoundary(rest.slice(1))) return plain('period', '.')
  if ('():'.includes(character)) return plain('mark', character)
  if (rest.startsWith('==')) return plain('mark', '==')
  let run = character === '"' || character === "'" ? '' : character
  const ends = (at: number): boolean => {
    const next = rest.slice(at)
    const [one = ' '] = next
    return (
      isSpace(one) ||
      '():"\''.includes(one) ||
      next.startsWith('==') ||
      ('.,;'.includes(one) && isBoundary(next.slice(1)))
    )
  }
  while (run !== '' && !ends(run.length)) run += rest.charAt(run.length)
  const quote = rest.charAt(run.length)
  if ((quote !== '"' && quote !== "'") || !prefixes.includes(run.toUpperCase())) return plain('run', run)
  let [text, at] = ['', run.length + 1]
  for (; at < rest.length && (rest.charAt(at) !== quote || rest.charAt(at + 1) === quote); at++) {
    text += rest.charAt(at)
    if (rest.charAt(at) === quote) at++
  }
  const open = at >= rest.length
  return { size: open ? rest.length : at + 1, word: { kind: 'literal', text, prefix: run.toUpperCase(), open } }
}

function read(text: string): Cut[] {
  const words: Cut[] = []
  let spaced = true
  for (let at = 0; at < text.length; ) {
    const { size, word } = step(text.slice(at))
    if (word) words.push({ ...word, spaced, column: at + 1 })
    spaced = !word
    at += size
  }
  return words
}

test('random lines of what means something', () => {
  const parts = [...' \t\u0000\u001f\u00a0.,;():=-9XxN"\'*>\u0080é', '==', ', ', '. ', '*> ', 'PIC', "X'", '""']
  const line = fc.array(fc.constantFrom(...parts), { maxLength: 16 }).map((list) => list.join(''))
  fc.assert(
    fc.property(line, (text) => expect(cut(text)).toEqual(read(text))),
    { numRuns: 5000 },
  )
})
