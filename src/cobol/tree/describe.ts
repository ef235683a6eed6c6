// Gives every item its picture, usage, sign and length: what its clauses say, what the groups above say, and whether both go together.

import type { Clauses, Entry, PictureClause } from '../entry/entry.ts'
import type { Category, CompilerOptions, Picture, Sign, Usage } from '../layout.ts'
import { analysePicture, type ConstantOf } from '../picture.ts'
import type { Spot } from '../text/spot.ts'
import { type Building, type Draft, nameOf } from './draft.ts'
import { digitsOfBytes, lengthOf, usageConflict } from './storage.ts'

/** What a group hands down to the items below it. */
interface Inherited {
  readonly usage: Usage | undefined
  readonly sign: Sign | undefined
  readonly synchronized: boolean
  readonly tables: number
}

const TABLES_LIMIT = 7

/** Usages that take no picture. */
const WITHOUT_PICTURE: ReadonlySet<Usage> = new Set<Usage>([
  'COMP-1',
  'COMP-2',
  'INDEX',
  'POINTER',
  'POINTER-32',
  'PROCEDURE-POINTER',
  'FUNCTION-POINTER',
  'OBJECT REFERENCE',
  'FLOAT-DECIMAL-16',
  'FLOAT-DECIMAL-34',
])

/** Describes a whole record; afterwards every elementary item has its length. */
export function describeRecord(root: Draft, building: Building, constant: ConstantOf): void {
  describe(root, { usage: undefined, sign: undefined, synchronized: false, tables: 0 }, building, constant)
}

function describe(item: Draft, above: Inherited, building: Building, constant: ConstantOf): void {
  const entry = building.entryOf.get(item)
  if (entry === undefined) return
  const { clauses } = entry
  checkMisplaced(entry, building)
  const tables = above.tables + (clauses.occurs ? 1 : 0)
  if (clauses.occurs && tables > TABLES_LIMIT) {
    building.mistakes.add('OCCURS_TOO_DEEP', { limit: TABLES_LIMIT }, clauses.occurs.word)
  }
  const usage = usageOf(clauses, above, building)
  if (item.children.length > 0) {
    item.usage = clauses.groupUsage?.value ?? 'DISPLAY'
    checkGroup(item, clauses, building)
    const sign = clauses.sign?.value ?? above.sign
    const synchronized = above.synchronized || isWholeSynchronized(item, clauses, building)
    const inherited = { usage: clauses.groupUsage?.value ?? usage, sign, synchronized, tables }
    for (const child of item.children) describe(child, inherited, building, constant)
    return
  }
  describeElementary(item, entry, { ...above, usage }, building, constant)
}

function usageOf({ usage }: Clauses, above: Inherited, { mistakes }: Building): Usage | undefined {
  if (usage && above.usage && usage.value !== above.usage) {
    mistakes.add('USAGE_GROUP_CONFLICT', { usage: usage.value, group: above.usage }, usage.word)
  }
  return usage?.value ?? above.usage
}

function checkMisplaced({ level, clauses }: Entry, { mistakes, options }: Building): void {
  const { occurs, renames } = clauses
  if (occurs && (level === 77 || (level === 1 && options.dialect === 'ibm'))) {
    mistakes.add('OCCURS_LEVEL', { level }, occurs.word)
  }
  if (renames) mistakes.add('CLAUSE_MISPLACED', { clause: 'RENAMES', where: `at level ${level}` }, renames.word)
  const ranges = clauses.values
  if (ranges && (ranges.value.length > 1 || ranges.value[0]?.through !== undefined)) {
    mistakes.add(
      'CLAUSE_MISPLACED',
      { clause: 'VALUE with several values', where: `at level ${level}, only at level 88` },
      ranges.word,
    )
  }
}

/** SYNC on a record means all items in it; GnuCOBOL ignores it there. */
function isWholeSynchronized({ parent }: Draft, { synchronized }: Clauses, { options }: Building): boolean {
  return parent === undefined && synchronized !== undefined && options.dialect === 'ibm'
}

function checkGroup(item: Draft, clauses: Clauses, { mistakes }: Building): void {
  const { justified, blankWhenZero, synchronized } = clauses
  const name = nameOf(item)
  if (justified)
    mistakes.add('CLAUSE_MISPLACED', { clause: 'JUSTIFIED', where: `on the group ${name}` }, justified.word)
  if (blankWhenZero)
    mistakes.add('CLAUSE_MISPLACED', { clause: 'BLANK WHEN ZERO', where: `on the group ${name}` }, blankWhenZero.word)
  if (synchronized && item.parent) mistakes.add('SYNC_ON_GROUP', { name }, synchronized.word)
}

function describeElementary(
  item: Draft,
  entry: Entry,
  above: Inherited,
  building: Building,
  constant: ConstantOf,
): void {
  const { clauses } = entry
  const { mistakes, options } = building
  const stated = clauses.picture ?? clauses.implied
  item.synchronized = clauses.synchronized !== undefined || above.synchronized
  if (above.usage !== undefined && WITHOUT_PICTURE.has(above.usage)) {
    item.usage = above.usage
    if (stated) mistakes.add('PICTURE_NOT_ALLOWED', { usage: above.usage }, stated.word)
  } else if (stated === undefined) {
    if (!entry.mistaken && !building.gaps && !entry.scope.gap)
      mistakes.add('PICTURE_MISSING', { name: nameOf(item) }, entry.nameWord)
    return
  } else if (!describePicture(item, clauses, stated.word, above, building, constant)) return
  checkClauses(item, entry, building)
  item.length = lengthOf(item, options)
  if (clauses.byteLength && item.picture) {
    // As many bytes, and at most as many characters.
    item.length = clauses.byteLength.value
    item.picture = { ...item.picture, positions: item.length }
  }
}

/** Sets picture, usage and sign; false after a mistake. */
function describePicture(
  item: Draft,
  clauses: Clauses,
  word: Spot,
  above: Inherited,
  building: Building,
  constant: ConstantOf,
): boolean {
  const { mistakes, options } = building
  const picture = pictureOf(clauses, building, constant)
  if (picture === undefined) return false
  item.usage = storedAs(above.usage ?? impliedUsage(picture.category, building), picture, word, building)
  item.picture = fitCategory(picture, item, options)
  const conflict = usageConflict(item.picture, item.usage, options)
  if (conflict?.code === 'USAGE_PICTURE_CONFLICT') {
    mistakes.add(conflict.code, { usage: item.usage, picture: picture.text }, clauses.usage?.word ?? word)
    return false
  }
  if (conflict) mistakes.add(conflict.code, conflict.facts, word)
  item.sign = signOf(item.picture, item.usage, clauses.sign?.value ?? above.sign)
  return true
}

/** GnuCOBOL and Micro Focus store COMP-6 with a sign as COMP-3; IBM has no COMP-6. */
function storedAs(usage: Usage, { signed }: Picture, word: Spot, { options, mistakes }: Building): Usage {
  if (usage !== 'COMP-6' || !signed || options.dialect === 'ibm') return usage
  mistakes.note('COMP-6 with a sign is stored as COMP-3', word)
  return 'COMP-3'
}

/** Zoned and national numbers with S have a sign; packed and binary ones have it in their format. */
function signOf({ category, signed }: Picture, usage: Usage, stated: Sign | undefined): Sign | undefined {
  if (category !== 'numeric' || !signed || (usage !== 'DISPLAY' && usage !== 'NATIONAL')) return undefined
  return stated ?? { position: 'trailing', separate: usage === 'NATIONAL' }
}

function pictureOf(clauses: Clauses, { options, mistakes }: Building, constant: ConstantOf): Picture | undefined {
  const { picture, implied } = clauses
  if (picture === undefined) {
    return implied && analysePicture(implied.value, options, constant, () => undefined)
  }
  return analysePicture(picture.value.text, options, constant, (code, facts, at) =>
    mistakes.add(code, facts, characterOf(picture.value, at)),
  )
}

/** Where in the source a character of the picture stands. */
function characterOf({ words: [first, ...more] }: PictureClause, at: number): Spot {
  let word = first
  let from = 0
  for (const next of more) {
    if (at < from + word.text.length) break
    from += word.text.length
    word = next
  }
  return { origin: word.origin, line: word.line, column: word.column + at - from }
}

function impliedUsage(category: Category, { options }: Building): Usage {
  if (category === 'dbcs' || category === 'dbcs-edited') return 'DISPLAY-1'
  if (category === 'utf-8') return 'UTF-8'
  if (category === 'national' || category === 'national-edited')
    return options.nsymbol === 'DBCS' ? 'DISPLAY-1' : 'NATIONAL'
  return 'DISPLAY'
}

/**
 * PIC N under DISPLAY-1 is DBCS; PIC X under COMP-X and, outside of IBM, COMP-5 is a number of so many bytes; BLANK WHEN ZERO makes a number an
 * edited one.
 */
function fitCategory(picture: Picture, item: Draft, { dialect }: CompilerOptions): Picture {
  const { category } = picture
  const isOfBytes = item.usage === 'COMP-X' || (item.usage === 'COMP-5' && dialect !== 'ibm')
  if (isOfBytes && /^X{1,8}$/.test(picture.expanded)) {
    return { ...picture, category: 'numeric', digits: digitsOfBytes(picture.positions) }
  }
  if (item.usage === 'DISPLAY-1' && category === 'national') return { ...picture, category: 'dbcs' }
  if (item.usage === 'DISPLAY-1' && category === 'national-edited') return { ...picture, category: 'dbcs-edited' }
  const isOfCharacters = item.usage === 'DISPLAY' || item.usage === 'NATIONAL'
  const edited = item.blankWhenZero && category === 'numeric' && isOfCharacters && !picture.signed
  return edited ? { ...picture, category: 'numeric-edited' } : picture
}

const JUSTIFIED: ReadonlySet<Category> = new Set<Category>(['alphabetic', 'alphanumeric', 'national', 'dbcs', 'utf-8'])

function checkClauses(item: Draft, entry: Entry, { mistakes }: Building): void {
  const { clauses } = entry
  const { justified, blankWhenZero, sign, groupUsage, byteLength } = clauses
  const category = item.picture?.category
  if (justified && !(category && JUSTIFIED.has(category))) {
    mistakes.add('CLAUSE_CONFLICT', { clause: 'JUSTIFIED', problem: 'needs a picture of characters' }, justified.word)
  }
  if (blankWhenZero && (category !== 'numeric-edited' || item.picture?.text.includes('*'))) {
    const problem = 'needs an unsigned number of USAGE DISPLAY or NATIONAL, or an edited picture without *'
    mistakes.add('CLAUSE_CONFLICT', { clause: 'BLANK WHEN ZERO', problem }, blankWhenZero.word)
  }
  if (groupUsage)
    mistakes.add('CLAUSE_MISPLACED', { clause: 'GROUP-USAGE', where: 'without items below' }, groupUsage.word)
  if (byteLength && category !== 'utf-8') {
    mistakes.add('CLAUSE_CONFLICT', { clause: 'BYTE-LENGTH', problem: 'needs a picture of U' }, byteLength.word)
  }
  if (sign && item.sign === undefined) {
    const signed = item.picture?.signed && category === 'numeric'
    mistakes.add(
      'SIGN_CONFLICT',
      { problem: signed ? `does not go with USAGE ${item.usage}` : 'needs a picture with S' },
      sign.word,
    )
  }
  if (item.usage === 'NATIONAL' && item.sign?.separate === false) {
    mistakes.add(
      'SIGN_CONFLICT',
      { problem: 'of a NATIONAL number must be SEPARATE' },
      (sign ?? entry.clauses.picture)?.word ?? entry.nameWord,
    )
  }
}
