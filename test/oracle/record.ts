// A record as the tests know it: what stands where is not known here, only what each item is. Built from a compiled copybook
// (copybooks.test.ts) or at random (data-divisions.test.ts).

export type Storage =
  | { readonly kind: 'text'; readonly length: number; readonly justified: boolean; readonly alphabetic: boolean }
  | {
      readonly kind: 'number'
      readonly digits: number
      readonly scale: number
      readonly signed: boolean
      /** Characters (DISPLAY) or not: characters are translated to the host's code page. */
      readonly characters: boolean
      /** COMP-5 is little-endian in GnuCOBOL. */
      readonly little: boolean
    }
  /** COMP-1 and COMP-2: quarters of up to 6 digits, which both hold exactly. */
  | { readonly kind: 'float' }
  /** Edited pictures: `digits` and `scale` of the value that is moved there; undefined for text. */
  | { readonly kind: 'edited'; readonly digits: number; readonly scale: number; readonly signed: boolean }

/** OCCURS. */
export interface Times {
  readonly least: number
  readonly most: number
  /** Name of the item that counts. */
  readonly counter: string | undefined
}

/** How the view of a set of items over the same bytes is chosen: the value of `by` for each view, the first being the redefined item. */
export interface Choice {
  readonly by: string
  readonly values: readonly string[]
}

export interface Item {
  /** As in COBOL; undefined for FILLER. */
  readonly name: string | undefined
  readonly storage: Storage | undefined
  readonly times: Times | undefined
  readonly children: readonly Item[]
  /** Other views of this item's bytes: the items that redefine it. They do not stand among the siblings. */
  readonly views: readonly Item[]
  readonly choice: Choice | undefined
  /** Its member of the JSON object. */
  readonly key: string | undefined
  /** FILLER under a name that only GnuCOBOL sees: what is moved there. JSON has nothing of it. */
  readonly constant?: string | undefined
  /** A date in JSON. */
  readonly date?: 'YYYYMMDD' | 'HHMMSS' | undefined
}

/** One record with what the oracle needs to know. */
export interface OracleRecord {
  /** COBOL name of the 01 item. */
  readonly root: Item
  /** The record's COBOL text, fixed format, as GnuCOBOL gets it. */
  readonly text: string
  /** Bytes with every table at its maximum, as our compiler says; the storage that is cleared before each record. */
  readonly length: number
  /** 66 items. */
  readonly renames: readonly string[]
}

export function* itemsOf(item: Item): Generator<Item> {
  yield item
  for (const child of [...item.children, ...item.views]) yield* itemsOf(child)
}

/** Whether JSON has anything of an item. */
export function hasValues(item: Item): boolean {
  if (item.storage) return item.name !== undefined && item.constant === undefined
  return [...item.children, ...item.views].some(hasValues)
}
