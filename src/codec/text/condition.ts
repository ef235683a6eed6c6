// A condition on fields as IF of COBOL has it: its text becomes a tree. Fields are named here, and looked for by who uses it.
//
//   any of      all of { OR all of }
//   all of      one { AND one }
//   one         NOT one | ( any of ) | NAME | FIELD [IS] [NOT] relation literal
//   relation    = | <> | < | <= | > | >= | EQUAL [TO] | GREATER [THAN] | LESS [THAN]
//   literal     'text' | X'C1' | 12.50 | SPACES | ZEROS | LOW-VALUES | HIGH-VALUES
//
// A name alone is that of a level 88. What was said need not be said again: KIND = 'A' OR 'B'; AGE > 17 AND < 65.

import { type Figurative, figuratives } from '../../cobol/figurative.ts'
import type { Literal } from '../../cobol/layout.ts'
import { failure } from '../../error/failure.ts'

/** How a field is compared with a literal. */
export type Relation = '=' | '<>' | '<' | '<=' | '>' | '>='

/** What must hold. */
export type FieldCondition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly FieldCondition[] }
  | { readonly kind: 'not'; readonly part: FieldCondition }
  | { readonly kind: 'relation'; readonly field: string; readonly relation: Relation; readonly literal: Literal }
  /** The name of a level 88. */
  | { readonly kind: 'named'; readonly name: string }

/** The tree of a condition. Throws LAYOUT_OPTION_INVALID for `option` with the character (from 1) where it is none. */
export function fieldCondition(text: string, option: string): FieldCondition {
  const reader: ConditionReader = { option, tokens: tokensOf(text), next: 0, depth: 0, subject: undefined }
  const condition = readAny(reader)
  if (now(reader).kind !== 'end') throw unexpected(reader, 'AND, OR or the end')
  return condition
}

interface Token {
  readonly kind: 'literal' | 'relation' | 'word' | 'bracket' | 'end' | 'unknown'
  /** As written; words in upper case. */
  readonly text: string
  readonly at: number
  readonly literal?: Literal
}

interface ConditionReader {
  readonly option: string
  readonly tokens: readonly Token[]
  next: number
  depth: number
  /** What the last relation was about, for one that leaves it out. */
  subject: { readonly field: string; readonly relation: Relation } | undefined
}

const mostBrackets = 32

const end: Token = { kind: 'end', text: 'the end', at: 0 }

const pattern =
  /\s*(?:(?<hex>X(['"])(?:[0-9A-F]{2})+\2)|(?<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<number>[+-]?\d+(?:\.\d+)?)(?![\p{L}\p{N}_-])|(?<word>[\p{L}\p{N}][\p{L}\p{N}_-]*)|(?<relation><=|>=|<>|=|<|>)|(?<bracket>[()])|(?<unknown>\S))/iuy

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [kind, own = ''] = Object.entries(found.groups ?? {}).find(([, one]) => one !== undefined) ?? []
    tokens.push(tokenOf(kind, own, found.index + found[0].length - own.length + 1))
  }
  return [...tokens, { ...end, at: text.length + 1 }]
}

function tokenOf(kind: string | undefined, text: string, at: number): Token {
  switch (kind) {
    case 'hex':
      return { kind: 'literal', text, at, literal: { kind: 'bytes', hex: text.slice(2, -1).toUpperCase() } }
    case 'text': {
      const quote = text.charAt(0)
      return {
        kind: 'literal',
        text,
        at,
        literal: { kind: 'text', text: text.slice(1, -1).replaceAll(quote + quote, quote) },
      }
    }
    case 'number':
      return { kind: 'literal', text, at, literal: { kind: 'number', text } }
    case 'word': {
      const word = text.toUpperCase()
      const name = figuratives.get(word)
      return name && !leftOut.includes(name)
        ? { kind: 'literal', text, at, literal: { kind: 'figurative', name } }
        : { kind: 'word', text: word, at }
    }
    case 'relation':
    case 'bracket':
      return { kind, text, at }
    default:
      return { kind: 'unknown', text, at }
  }
}

/** The figurative constants of COBOL that are no literals here, as the grammar above says. */
const leftOut: readonly Figurative[] = ['QUOTE', 'NULL']

function now({ tokens, next }: ConditionReader): Token {
  return tokens[next] ?? end
}

function unexpected(reader: ConditionReader, expected: string) {
  const { text, at } = now(reader)
  const problem = `at character ${at}, ${text}: ${expected} is expected`
  return failure('LAYOUT_OPTION_INVALID', { option: reader.option, problem })
}

/** Goes on behind a token of the given text, where it is next. */
function passed(reader: ConditionReader, ...texts: readonly string[]): string | undefined {
  const { kind, text } = now(reader)
  if (kind === 'literal' || !texts.includes(text)) return undefined
  reader.next += 1
  return text
}

function readAny(reader: ConditionReader): FieldCondition {
  return readSeveral(reader, 'any', 'OR', () => readSeveral(reader, 'all', 'AND', () => readOne(reader)))
}

function readSeveral(
  reader: ConditionReader,
  kind: 'all' | 'any',
  word: string,
  read: () => FieldCondition,
): FieldCondition {
  const first = read()
  const parts = [first]
  while (passed(reader, word)) parts.push(read())
  return parts.length === 1 ? first : { kind, parts }
}

function readOne(reader: ConditionReader): FieldCondition {
  reader.depth += 1
  if (reader.depth > mostBrackets) throw unexpected(reader, `a condition of at most ${mostBrackets} levels`)
  const one = readUnwrapped(reader)
  reader.depth -= 1
  return one
}

function readUnwrapped(reader: ConditionReader): FieldCondition {
  if (passed(reader, '(')) {
    const inner = readAny(reader)
    if (!passed(reader, ')')) throw unexpected(reader, 'AND, OR or )')
    return inner
  }
  const isOfRelation = reader.subject !== undefined && beginsRelation(reader, reader.next + 1)
  if (!isOfRelation && passed(reader, 'NOT')) return { kind: 'not', part: readOne(reader) }
  return readRelation(reader)
}

const relationWords = ['EQUAL', 'EQUALS', 'GREATER', 'LESS']

function beginsRelation({ tokens }: ConditionReader, at: number): boolean {
  const { kind, text } = tokens[at] ?? end
  return kind === 'relation' || (kind === 'word' && relationWords.includes(text))
}

/** A relation, in full or without what the one before it said, or the name of a level 88. */
function readRelation(reader: ConditionReader): FieldCondition {
  const { subject } = reader
  const { kind, text } = now(reader)
  if (subject && kind === 'literal') return { kind: 'relation', ...subject, literal: literalNow(reader) }
  const isShort = beginsRelation(reader, reader.next) || (kind === 'word' && (text === 'NOT' || text === 'IS'))
  if (subject && isShort) return relationTo(reader, subject.field)
  if (kind !== 'word' || isShort) throw unexpected(reader, 'a field or the name of a level 88')
  const name = nameNow(reader)
  const after = now(reader)
  const goesOn = beginsRelation(reader, reader.next) || (after.kind === 'word' && /^(?:NOT|IS)$/.test(after.text))
  return goesOn ? relationTo(reader, name) : { kind: 'named', name }
}

/** `NAME`, or `NAME OF GROUP`. */
function nameNow(reader: ConditionReader): string {
  const words: string[] = []
  do {
    if (now(reader).kind !== 'word') throw unexpected(reader, 'a name')
    words.push(now(reader).text)
    reader.next += 1
  } while (passed(reader, 'OF', 'IN'))
  return words.join(' OF ')
}

const relations = ['=', '<>', '<', '<=', '>', '>='] as const

const opposites = { '=': '<>', '<>': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const

function relationTo(reader: ConditionReader, field: string): FieldCondition {
  passed(reader, 'IS')
  const isOpposite = passed(reader, 'NOT') !== undefined
  const plain = relationNow(reader)
  const relation = isOpposite ? opposites[plain] : plain
  reader.subject = { field, relation }
  return { kind: 'relation', field, relation, literal: literalNow(reader) }
}

function relationNow(reader: ConditionReader): Relation {
  const symbol = relations.find((one) => passed(reader, one))
  if (symbol) return symbol
  const word = passed(reader, ...relationWords)
  if (!word) throw unexpected(reader, 'a relation (=, <>, <, <=, >, >=)')
  passed(reader, 'TO', 'THAN')
  return word === 'GREATER' ? '>' : word === 'LESS' ? '<' : '='
}

function literalNow(reader: ConditionReader): Literal {
  const { literal } = now(reader)
  if (!literal) throw unexpected(reader, "a literal ('text', X'C1', 12.50, SPACES, ZEROS)")
  reader.next += 1
  return literal
}
