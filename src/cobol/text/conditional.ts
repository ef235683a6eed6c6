// Conditional compilation: which passages of a text count. >>IF, >>EVALUATE and >>DEFINE are obeyed where they stand, before COPY and
// REPLACE see the text (IBM, Enterprise COBOL Language Reference: conditional compilation).

import type { TextMistakes } from '../mistakes.ts'
import type { CompileOptions, ResolvedOptions } from '../options.ts'
import {
  kindOf,
  orderOf,
  readExpression,
  readSum,
  type Term,
  type Terms,
  takeVariable,
  takeWord,
  truth,
  unexpected,
  type Value,
} from './condition.ts'
import { untranslated } from './ebcdic-text.ts'
import { type LogicalLine, locate, passages } from './reference-format.ts'
import type { Origin, Standing } from './spot.ts'
import { scanLine, type Word } from './word.ts'

/** Compilation variables by upper-case name. One set serves a text and all its members. */
export interface Variables {
  /** What the compiler's caller and its options say. */
  readonly given: ReadonlyMap<string, Value>
  /** What >>DEFINE has said since; undefined: OFF. */
  readonly defined: Map<string, Value | undefined>
}

/** What all texts of one compilation share. */
export interface Compilation {
  readonly options: ResolvedOptions
  readonly mistakes: TextMistakes
  readonly variables: Variables
  readonly standing: Standing
}

/** An >>IF or >>EVALUATE that is not ended yet. */
interface Choice {
  readonly opened: Word
  readonly verb: 'IF' | 'EVALUATE'
  /** Whether the text around it counts. */
  readonly around: boolean
  /** What the objects of WHEN are compared with. Undefined: they are conditions themselves. */
  readonly subject: { readonly value: Value | undefined } | undefined
  /** Whether the text at hand counts, whether some text of this choice has, and whether the last branch is reached. */
  counts: boolean
  taken: boolean
  last: boolean
}

interface Directing extends Compilation {
  readonly choices: Choice[]
}

/** The words of one text that count, passage by passage: ask for the next when the members of the last are copied. */
export function* wordsOf(origin: Origin, compilation: Compilation): Generator<Word[]> {
  const { options, mistakes, standing } = compilation
  const { limits } = options
  if (origin.source.text.length > limits.textLength) {
    mistakes.add('COPYBOOK_TOO_LONG', { limit: limits.textLength }, { origin, line: 1, column: 1 })
    return
  }
  if (origin.ebcdic)
    mistakes.note('the text is EBCDIC, fetched in binary: read as such', { origin, line: 1, column: 1 })
  const directing: Directing = { ...compilation, choices: [] }
  const omitted = () => directing.choices.at(-1)?.counts === false
  let count = 0
  for (const { lines, directive } of passages(origin, options.format, mistakes, standing, omitted)) {
    const words: Word[] = []
    for (const line of lines) {
      if (origin.ebcdic) checkTranslated(line, origin, mistakes)
      scanLine(line, origin, words)
      if (count + words.length > limits.words) {
        mistakes.add('WORDS_TOO_MANY', { limit: limits.words }, words[0] ?? { origin, line: 1, column: 1 })
        yield words
        return
      }
    }
    count += words.length
    yield words
    if (directive) obey(directing, directive, origin)
  }
  for (const { opened, verb } of directing.choices) {
    mistakes.add('DIRECTIVE_UNBALANCED', { problem: `>>${verb} has no >>END-${verb}` }, opened)
  }
}

/** Comments may hold characters of any page; in the text they may be data. */
function checkTranslated(line: LogicalLine, origin: Origin, mistakes: TextMistakes): void {
  const at = line.text.indexOf(untranslated)
  if (at >= 0) mistakes.add('COPYBOOK_EBCDIC', {}, { origin, ...locate(line, at) })
}

/**
 * The variables before the first line: what `define` says, and what the options say by IBM's predefined names. A copybook
 * stands here without its program, so that what is given counts as if the program had said >>DEFINE NAME AS PARAMETER.
 */
export function variablesOf({ define, lp, dialect }: Pick<CompileOptions, 'define' | 'lp' | 'dialect'>): Variables {
  const given = Object.entries(define).map(([name, value]): [string, Value] => {
    const isInteger = typeof value === 'number' && Number.isSafeInteger(value)
    return [name.toUpperCase(), isInteger ? BigInt(value) : typeof value === 'boolean' ? value : String(value)]
  })
  const predefined: [string, Value][] = [['IGY-LP', BigInt(lp)]]
  // GnuCOBOL's name for a machine of 64 bits.
  if (dialect.startsWith('gnucobol') && lp === 64) predefined.push(['P64', true])
  return { given: new Map([...predefined, ...given]), defined: new Map() }
}

/** The value that a variable has here, or undefined. */
export function variableValue({ given, defined }: Variables, name: string): Value | undefined {
  return defined.has(name) ? defined.get(name) : given.get(name)
}

type Verb = (directing: Directing, terms: Terms, opened: Word) => void

const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['DEFINE', define],
  ['IF', openIf],
  ['ELIF', elseIf],
  ['ELSE', otherwise],
  ['END-IF', (directing, terms, word) => close(directing, terms, 'IF', word)],
  ['EVALUATE', openEvaluate],
  ['WHEN', when],
  ['END-EVALUATE', (directing, terms, word) => close(directing, terms, 'EVALUATE', word)],
])

function obey(directing: Directing, directive: LogicalLine, origin: Origin): void {
  const words: Word[] = []
  scanLine(directive, origin, words)
  const [opened] = words
  if (opened === undefined) return
  const at = opened.key === '>>' ? 2 : 1
  const key = words[at - 1]?.key.replace('>>', '') ?? ''
  const terms: Terms = {
    words,
    at,
    valueOf: (name) => variableValue(directing.variables, name),
    mistakes: directing.mistakes,
    depthLimit: directing.options.limits.directiveDepth,
    depth: 0,
  }
  VERBS.get(key)?.(directing, terms, { ...opened, key })
}

/** Whether the text here counts. */
function counts({ choices }: Directing): boolean {
  return choices.at(-1)?.counts ?? true
}

/** `>>DEFINE name [AS] OFF`, or `>>DEFINE name [AS] value|PARAMETER [OVERRIDE]`. */
function define(directing: Directing, terms: Terms): void {
  if (!counts(directing)) return
  const { given, defined } = directing.variables
  const name = takeVariable(terms)
  if (name === undefined) {
    unexpected(terms, 'the name of a compilation variable')
    return
  }
  takeWord(terms, 'AS')
  if (takeWord(terms, 'OFF')) {
    if (isDone(terms)) defined.set(name.key, undefined)
    return
  }
  const isParameter = takeWord(terms, 'PARAMETER') !== undefined
  const term: Term | undefined = isParameter ? () => given.get(name.key) : readSum(terms)
  const isOverride = takeWord(terms, 'OVERRIDE') !== undefined
  if (term === undefined || !isDone(terms)) return
  const value = term()
  if (value === undefined) return
  const before = defined.get(name.key)
  if (before === undefined || before === value || isOverride) defined.set(name.key, value)
  else directing.mistakes.add('DIRECTIVE_VARIABLE_DUPLICATE', { name: name.key }, name)
}

/** Nothing may follow: a directive takes the rest of its line. */
function isDone(terms: Terms): boolean {
  if (terms.at < terms.words.length) unexpected(terms, 'the end of the line')
  return terms.at >= terms.words.length
}

function open(directing: Directing, choice: Pick<Choice, 'opened' | 'verb' | 'subject' | 'counts'>): void {
  const { choices, options, mistakes } = directing
  const limit = options.limits.directiveDepth
  if (choices.length === limit) mistakes.add('DIRECTIVE_TOO_DEEP', { limit }, choice.opened)
  choices.push({ ...choice, around: counts(directing), taken: choice.counts, last: false })
}

function openIf(directing: Directing, terms: Terms, opened: Word): void {
  const holds = counts(directing) && readCondition(terms)
  open(directing, { opened, verb: 'IF', subject: undefined, counts: holds })
}

function readCondition(terms: Terms): boolean {
  const first = terms.words[terms.at]
  const term = readExpression(terms)
  if (term === undefined || !isDone(terms)) return false
  return truth(terms, term(), first) ?? false
}

function openEvaluate(directing: Directing, terms: Terms, opened: Word): void {
  const isTrue = takeWord(terms, 'TRUE') !== undefined
  const term = isTrue || !counts(directing) ? undefined : readSum(terms)
  const value = term && isDone(terms) ? term() : undefined
  open(directing, { opened, verb: 'EVALUATE', subject: isTrue ? undefined : { value }, counts: false })
}

/** The choice that a directive belongs to, if the next branch may begin here. */
function branching({ choices, mistakes }: Directing, verb: Choice['verb'], word: Word): Choice | undefined {
  const choice = choices.at(-1)
  if (choice?.verb === verb && !choice.last) {
    choice.counts = false
    return choice
  }
  const last = verb === 'IF' ? '>>ELSE' : '>>WHEN OTHER'
  const problem = choice?.verb === verb ? `follows ${last}` : `has no >>${verb} before it in the same text`
  mistakes.add('DIRECTIVE_UNBALANCED', { problem: `>>${word.key} ${problem}` }, word)
  return undefined
}

function choose(choice: Choice, holds: boolean): void {
  choice.counts = holds && choice.around && !choice.taken
  choice.taken ||= choice.counts
}

/** GnuCOBOL's >>ELIF. */
function elseIf(directing: Directing, terms: Terms, word: Word): void {
  const choice = branching(directing, 'IF', word)
  if (choice && !choice.taken && choice.around) choose(choice, readCondition(terms))
}

function otherwise(directing: Directing, terms: Terms, word: Word): void {
  const choice = branching(directing, 'IF', word)
  if (choice === undefined || !isDone(terms)) return
  choose(choice, true)
  choice.last = true
}

function when(directing: Directing, terms: Terms, word: Word): void {
  const choice = branching(directing, 'EVALUATE', word)
  if (choice === undefined) return
  if (takeWord(terms, 'OTHER')) {
    choose(choice, isDone(terms))
    choice.last = true
  } else if (!choice.taken && choice.around) {
    choose(choice, choice.subject ? isSelected(terms, choice.subject.value) : readCondition(terms))
  }
}

/** `>>WHEN value [THRU value]`, compared with what stands behind >>EVALUATE. */
function isSelected(terms: Terms, subject: Value | undefined): boolean {
  const first = terms.words[terms.at]
  const from = readSum(terms)
  const thru = from && takeWord(terms, 'THRU', 'THROUGH')
  const to = thru ? readSum(terms) : from
  if (from === undefined || to === undefined || !isDone(terms) || subject === undefined) return false
  const [low, high] = [from(), to()]
  if (low === undefined || high === undefined) return false
  const [above, below] = [orderOf(subject, low), orderOf(subject, high)]
  const fits = above !== undefined && below !== undefined && (!thru || typeof subject === 'bigint')
  if (!fits && first) {
    const problem = `${kindOf(subject)} is compared with ${thru ? 'a range' : kindOf(low)}`
    terms.mistakes.add('DIRECTIVE_INVALID', { problem }, first)
  }
  return fits && (thru ? above >= 0 && below <= 0 : above === 0)
}

function close({ choices, mistakes }: Directing, terms: Terms, verb: Choice['verb'], word: Word): void {
  if (choices.at(-1)?.verb === verb) {
    isDone(terms)
    choices.pop()
  } else {
    const problem = `>>END-${verb} has no >>${verb} before it in the same text`
    mistakes.add('DIRECTIVE_UNBALANCED', { problem }, word)
  }
}
