// What of a text was asked for: a mistake refuses the records that it spoils, and no other.

import type { Failure } from '../error/failure.ts'
import type { Note } from './layout.ts'
import type { Mistake, Mistakes } from './mistakes.ts'
import { isHostMember } from './text/known-members.ts'
import { type DraftRecord, nameOf } from './tree/draft.ts'

export interface WantedRecords {
  /** Every record without a mistake; none where one that is wanted has some. */
  readonly records: readonly DraftRecord[]
  /** The mistakes of what is wanted. */
  readonly failures: readonly Failure[]
  /** The mistakes of everything else. */
  readonly notes: readonly Note[]
}

/**
 * The records, if those that `names` wants (undefined: all) hold no mistake. Where all are wanted, a record is left out whose text is in a member
 * that only the mainframe has, or that has no length of its own, as long as there are others.
 */
export function wantedRecords(
  records: readonly DraftRecord[],
  { all }: Mistakes,
  names: readonly string[] | undefined,
): WantedRecords {
  const everything = { records: [], failures: all.map(({ failure }) => failure), notes: [] }
  if (all.length === 0) return { ...everything, records }
  const wanted = names?.map((name) => name.toUpperCase())
  const known = new Set(records.map(({ root }) => nameOf(root)))
  // A record that is not found may be in what could not be read.
  if (wanted?.some((name) => !known.has(name))) return everything
  const scopes = new Set(records.filter(({ root }) => wanted?.includes(nameOf(root))).map(({ scope }) => scope))
  const isInTheWay = (mistake: Mistake) =>
    mistake.everywhere || (wanted ? [...mistake.scopes].some((scope) => scopes.has(scope)) : !isLeftOut(mistake))
  const sound = records.filter(({ scope }) => !scope.spoiled)
  const inTheWay = all.filter(isInTheWay)
  const notes = all.filter((mistake) => !isInTheWay(mistake)).map((mistake) => noteOf(mistake, records))
  if (inTheWay.length === 0) return sound.length > 0 ? { records: sound, failures: [], notes } : everything
  return wanted ? { records: [], failures: inTheWay.map(({ failure }) => failure), notes } : everything
}

function isLeftOut({ failure: { code, facts } }: Mistake): boolean {
  if (code === 'CLAUSE_UNSUPPORTED') return OF_ITS_CALLER.has(String(facts.clause))
  return code === 'COPY_MEMBER_NOT_FOUND' && isHostMember(String(facts.member))
}

/** ANY LENGTH and DYNAMIC LENGTH: an item that is as long as what the program is given. */
const OF_ITS_CALLER: ReadonlySet<string> = new Set(['ANY', 'DYNAMIC'])

function noteOf({ failure, scopes }: Mistake, records: readonly DraftRecord[]): Note {
  const { code, what, place } = failure
  const names = records.filter(({ scope }) => scopes.has(scope)).map(({ root }) => nameOf(root))
  const whose = names.length > 0 ? `${names.join(', ')} left out: ` : ''
  return { message: `${whose}${what} (${code})`, place: place ?? { file: '', line: 1, column: 1 } }
}
