// Offsets and lengths: lays the items of a record out one after the other, with slack bytes before SYNCHRONIZED items.
//
//   05 A PIC X(5).             00 01 02 03 04
//   05 B.                                     05 06          the slack before D belongs to B: C, its item before, is in B
//     10 C PIC XX.                            05 06
//     10 D PIC S9(6) COMP SYNC.                     -- 08 09 0A 0B

import { type Building, type Draft, isVariableTable, nameOf } from './draft.ts'
import { boundaryOf } from './storage.ts'

/** Places all items of a record from offset 0. */
export function placeRecord(root: Draft, building: Building): void {
  place(root, 0, { ...building, variable: false, tooLarge: false })
}

interface Placing extends Building {
  /** Whether a table of variable length has been passed. */
  variable: boolean
  /** Whether an item was found too large, and so is all around it. */
  tooLarge: boolean
}

/** Sets offset, length and stride of an item and of all below it. */
function place(item: Draft, offset: number, placing: Placing): void {
  item.offset = offset
  item.variablyLocated = placing.variable
  if (item.children.length > 0) item.length = placeChildren(item, offset, placing)
  item.stride = item.occurs ? roundUp(item.length, boundaryWithin(item, placing)) : item.length
  if (isVariableTable(item)) placing.variable = true
  checkSize(item, placing)
}

/** Bytes of an item with all its occurrences. */
export function storageOf(item: Draft): number {
  return item.occurs ? item.stride * item.occurs.maximum : item.length
}

function placeChildren(group: Draft, offset: number, placing: Placing): number {
  let end = offset
  for (const child of group.children) {
    if (child.redefines) {
      place(child, child.redefines.offset, placing)
      checkAligned(child, placing)
    } else {
      const at = roundUp(end, boundaryAtStart(child, placing))
      child.slackBefore = at - end
      place(child, at, placing)
    }
    end = Math.max(end, child.offset + storageOf(child))
  }
  return end - offset
}

function roundUp(offset: number, boundary: number): number {
  return Math.ceil(offset / boundary) * boundary
}

/** The boundary of the first elementary item of an item: IBM puts slack before the groups that it begins, others inside. */
function boundaryAtStart(item: Draft, placing: Building): number {
  let first = item
  while (placing.options.dialect === 'ibm' && first.children[0]) first = first.children[0]
  return ownBoundary(first, placing)
}

function ownBoundary(item: Draft, { options }: Building): number {
  return item.synchronized && item.children.length === 0 ? boundaryOf(item, item.length, options) : 1
}

/** The largest boundary of all items inside: each occurrence of a table begins alike. */
function boundaryWithin(item: Draft, placing: Building): number {
  return item.children.reduce(
    (most, child) => Math.max(most, boundaryWithin(child, placing)),
    ownBoundary(item, placing),
  )
}

function checkAligned(item: Draft, placing: Placing): void {
  const boundary = boundaryAtStart(item, placing)
  const said = placing.entryOf.get(item)?.clauses.redefines
  if (item.offset % boundary !== 0 && said) {
    placing.mistakes.add('REDEFINES_MISALIGNED', { name: nameOf(item), boundary }, said.word)
  }
}

function checkSize(item: Draft, placing: Placing): void {
  const { mistakes, options, entryOf, tooLarge } = placing
  const limit = options.limits.recordLength
  const entry = entryOf.get(item)
  if (!entry || tooLarge || item.offset + storageOf(item) <= limit) return
  const { occurs } = entry.clauses
  const name = nameOf(item)
  if (occurs?.value.maximum === Infinity) {
    const problem = `the ${item.occurs?.maximum} occurrences that its counter can count take more than ${limit} bytes`
    mistakes.add('OCCURS_UNBOUNDED', { name, problem }, occurs.word)
  } else mistakes.add('RECORD_TOO_LARGE', { name, limit }, entry.nameWord)
  placing.tooLarge = true
}

/** Bytes of an item with every variable table at its least number of occurrences. */
export function minimumStorage(item: Draft): number {
  const one = item.children.length > 0 ? minimumChildren(item) : item.length
  if (!item.occurs) return one
  return item.occurs.minimum * (one + item.stride - item.length)
}

function minimumChildren(group: Draft): number {
  const starts = new Map<Draft, number>()
  let end = 0
  for (const child of group.children) {
    const start = child.redefines ? (starts.get(child.redefines) ?? 0) : end + child.slackBefore
    starts.set(child, start)
    end = Math.max(end, start + minimumStorage(child))
  }
  return end
}
