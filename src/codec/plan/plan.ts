// The plan of a codec: what is read and written, in the order of the bytes, with every name, kind and policy settled. Generated code and
// closures are both made from it, and so are schemas and types.
//
// Offsets count from the origin of the scope: the record, or one occurrence of a table. After a variable-length table the origin shrinks by
// the occurrences that are missing, so that offsets stay constant:   position = origin + offset.

import type { Item, Layout } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import type { FieldClass, InvalidPolicy } from '../../contract/record.ts'
import type { Kind } from '../kind/kind.ts'
import type { Extent, Geometry, OutsideCount, Place } from './geometry.ts'

/** What stands in a record, one kind for each way of reading and writing it. */
export type Member = FieldMember | GroupMember | TableMember | ChoiceMember | HiddenMember | FillMember

/** An elementary item that JSON shows. */
export interface FieldMember {
  readonly kind: 'field'
  readonly key: string
  readonly item: Item
  readonly offset: number
  readonly store: Kind
  readonly policy: InvalidPolicy
  readonly fieldClass: FieldClass | undefined
  /** Names from the JSON root, `[]` where an index goes: `reply.entries[].amount`. */
  readonly path: string
  readonly required: boolean
  /** Set for the counter of a table: its slot, for the check that given count and array agree. */
  readonly slot: number | undefined
  /** The values that its level 88 items allow, as JSON has them, where they allow single values only; for a coded counter its codes. */
  readonly values: readonly string[] | undefined
  /** Whether JSON has a number instead of a decimal string. */
  readonly asNumber: boolean
}

/** A group item: an object within the object. */
export interface GroupMember {
  readonly kind: 'group'
  readonly key: string
  readonly item: Item
  readonly members: readonly Member[]
  readonly path: string
  readonly required: boolean
}

/** An item with OCCURS: an array. `stride` is the bytes of one occurrence. */
export interface TableMember {
  readonly kind: 'table'
  readonly key: string
  readonly item: Item
  readonly offset: number
  readonly stride: number
  readonly minimum: number
  readonly maximum: number
  readonly counter: Counter | undefined
  /** Set where the counter is no field of the record. */
  readonly outside: OutsideCount | undefined
  readonly element: FieldMember | GroupMember
  /** Set where a record ends inside of the last occurrence: what that one has. */
  readonly last?: FieldMember | GroupMember
  /** Count of tables around this one: where its index stands. */
  readonly depth: number
  readonly path: string
  readonly required: boolean
  /** Not shown: only moves the origin. */
  readonly hidden: boolean
}

/** Where the number of occurrences stands. */
export interface Counter {
  readonly item: Item
  readonly slot: number
  readonly store: Kind
  /** The least number of occurrences: what a counter that says nothing stands for. */
  readonly least: number
  /** Relative to the table's origin; undefined where only `place` can tell. */
  readonly offset: number | undefined
  readonly place: Place
  /** The count in a counter's bytes, checked; throws. */
  readonly read: (source: Uint8Array, at: number, extent: Extent) => number
  /** Writes the number, or the code that stands for it; false where the counter cannot hold it. */
  readonly write: (value: string, out: Uint8Array, at: number) => boolean
  /** Set where its values are codes: the number that each stands for in this table. */
  readonly codes: ReadonlyMap<string, number> | undefined
}

/** Items that share storage, and the rule that tells which of them holds. */
export interface ChoiceMember {
  readonly kind: 'choice'
  readonly item: Item
  readonly offset: number
  readonly length: number
  readonly views: readonly View[]
  /** Undefined where nothing is declared: then every view that can be read is shown, or the first of them. */
  readonly rule: ViewRule | undefined
  readonly policy: InvalidPolicy
  /** Its canonical bytes where no view is chosen. */
  readonly initial: Uint8Array
  /** The key for raw bytes and null: that of the first shown view. */
  readonly key: string
  readonly path: string
  readonly required: boolean
}

/** One of several descriptions of the same bytes (REDEFINES). */
export interface View {
  readonly item: Item
  /** Keys of the JSON object that belong to this view: one, or several where the view is a FILLER group. */
  readonly keys: readonly string[]
  readonly members: readonly Member[]
  readonly required: boolean
}

/** How the values of the deciding fields choose a view. */
export interface ViewRule {
  readonly fields: readonly Item[]
  /** Their names for messages: `KIND and SUB-KIND`. */
  readonly by: string
  /** Index of the view of the record at hand, or -1; `at` is the origin of the scope of the set. */
  readonly choose: (extent: Extent, at: number) => number
  /** For schemas, by view: alternatives of what fields hold where it is chosen; none where that is no list of values. */
  readonly values: readonly (readonly FieldValues[])[]
  /** Whether the deciding fields lie before the set in the same scope, so that they are already written. */
  readonly before: boolean
}

/** All values, as JSON has them, that each of some fields may have. */
export type FieldValues = ReadonlyMap<Item, readonly string[]>

/** Bytes that JSON does not show: FILLER, slack, items outside of what was asked for. `bytes` are the canonical ones. */
export interface HiddenMember {
  readonly kind: 'hidden'
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Canonical bytes to lay down before the fields of a stretch are written over them. */
export interface FillMember {
  readonly kind: 'fill'
  readonly offset: number
  readonly bytes: Uint8Array
}

/** The plan of one layout under its options. */
export interface Plan {
  readonly layout: Layout
  readonly members: readonly Member[]
  /** No table varies: every record has the same length. */
  readonly fixed: boolean
  /** Static length of the record: with every table at its maximum. */
  readonly length: number
  readonly fields: ReadonlyMap<Item, FieldMember>
  readonly storeOf: (item: Item) => Kind
  readonly geometry: Geometry
  readonly page: CodePage
  readonly slots: number
  /** Depth of the deepest table. */
  readonly depth: number
  readonly residue: boolean
  readonly views: 'first' | 'all'
  readonly variable: 'current' | 'maximum'
  /** What a record is that ends before its layout does. */
  readonly short: 'refuse' | 'views' | 'absent' | 'blank'
  /** Most bytes of occurrences that are filled in where it is `blank`. */
  readonly blankLimit: number
}
