// The bank's host: programs over COMMAREAs, byte for byte, and the journal of what they booked. It shares no code with the product.

/** What a program booked. Nothing is ever taken out. */
export interface Entry {
  readonly reference: string
  readonly account: string
  readonly direction: string
  readonly amount: string
  /** The reference of the entry that this one undoes. */
  readonly undoes?: string
  readonly number: number
  /** It was there before the path began. */
  readonly forgotten?: true
}

/** What an entry is made of, for those that were there before. */
export type Posting = Pick<Entry, 'reference' | 'account' | 'direction' | 'amount'>

/** `12.50` as COBOL packs it into PIC S9(11)V99 COMP-3, in hexadecimal. */
export function packed(amount: string): string {
  return `${amount.replace('.', '').padStart(13, '0')}c`
}

export interface HostOptions {
  /** The programs refuse a reference that they know. */
  readonly deduplicates: boolean
  /** Accounts whose credits are refused. */
  readonly blocked?: readonly string[]
}

const letters = new Map<string, number>()
for (const [first, at] of [
  ['ABCDEFGHI', 0xc1],
  ['JKLMNOPQR', 0xd1],
  ['STUVWXYZ', 0xe2],
  ['0123456789', 0xf0],
  [' ', 0x40],
] as const) {
  for (const [index, letter] of [...first].entries()) letters.set(letter, at + index)
}
const codes = new Map([...letters].map(([letter, code]) => [code, letter]))

export function text(area: Uint8Array, from: number, length: number): string {
  let value = ''
  for (let at = from; at < from + length; at++) value += codes.get(area[at] ?? 0) ?? '?'
  return value.trimEnd()
}

export function setText(area: Uint8Array, from: number, length: number, value: string): void {
  for (let at = 0; at < length; at++) area[from + at] = letters.get(value[at] ?? ' ') ?? 0x6f
}

function digits(area: Uint8Array, from: number, length: number): string {
  return Buffer.from(area.subarray(from, from + length)).toString('hex')
}

function setBinary(area: Uint8Array, from: number, length: number, value: number): void {
  for (let at = 0; at < length; at++) area[from + at] = (value >>> (8 * (length - 1 - at))) & 0xff
}

function setZero(area: Uint8Array, from: number, length: number): void {
  area.fill(0, from, from + length)
  area[from + length - 1] = 0x0c
}

/** Where the reply begins, and the length of the whole area. */
export const programs: Readonly<Record<string, { readonly reply: number; readonly size: number }>> = {
  POSTENT: { reply: 67, size: 81 },
  FNDENT: { reply: 16, size: 67 },
  REVENT: { reply: 32, size: 46 },
  INQACC: { reply: 10, size: 95 },
}

export class Host {
  readonly entries: Entry[] = []
  readonly #options: HostOptions
  #number = 0

  constructor(options: HostOptions) {
    this.#options = options
  }

  /** Entries from before the path. */
  remember(postings: readonly Posting[]): void {
    for (const posting of postings) this.entries.push({ ...posting, number: ++this.#number, forgotten: true })
  }

  /** How often this reference took effect. */
  times(reference: string): number {
    return this.entries.filter((entry) => entry.reference === reference).length
  }

  /** Entries of postings, without as many of each reference as were undone. */
  standing(): readonly Entry[] {
    const undone = new Map<string, number>()
    for (const { undoes } of this.entries) if (undoes) undone.set(undoes, (undone.get(undoes) ?? 0) + 1)
    return this.entries.filter(({ reference, undoes }) => {
      const left = undone.get(reference) ?? 0
      if (left > 0 && undoes === undefined) undone.set(reference, left - 1)
      return undoes === undefined && left === 0
    })
  }

  /** References of postings that were undone more often than they were made. */
  undoneTooOften(): readonly string[] {
    const references = new Set(this.entries.flatMap(({ undoes }) => undoes ?? []))
    return [...references].filter(
      (reference) => this.entries.filter(({ undoes }) => undoes === reference).length > this.times(reference),
    )
  }

  /** Runs a program on a COMMAREA and gives the COMMAREA as it leaves it. */
  run(program: string, commarea: Uint8Array): Uint8Array {
    const area = Uint8Array.from(commarea)
    if (program === 'POSTENT') this.#post(area)
    else if (program === 'REVENT') this.#reverse(area)
    else if (program === 'FNDENT') this.#find(area)
    else if (program === 'INQACC') showAccount(area)
    else throw new Error(`no program ${program}`)
    return area
  }

  /** The COMMAREA as the program would leave it, and nothing is booked. */
  withoutEffect(program: string, commarea: Uint8Array): Uint8Array {
    const [length, number] = [this.entries.length, this.#number]
    const area = this.run(program, commarea)
    this.entries.length = length
    this.#number = number
    return area
  }

  /** Whether the program would book something, for this request. */
  books(program: string, commarea: Uint8Array): boolean {
    return (program === 'POSTENT' || program === 'REVENT') && !this.#refusal(program, commarea)
  }

  #refusal(program: string, area: Uint8Array): string | undefined {
    if (this.#options.deduplicates && this.times(text(area, 0, 16)) > 0) return 'DU'
    if (program === 'POSTENT') {
      const isBlocked = text(area, 26, 1) === 'C' && this.#options.blocked?.includes(text(area, 16, 10))
      return isBlocked ? 'BL' : undefined
    }
    return this.times(text(area, 16, 16)) === 0 ? 'NF' : undefined
  }

  #post(area: Uint8Array): void {
    const refusal = this.#refusal('POSTENT', area)
    if (!refusal) this.#book(area, text(area, 16, 10), text(area, 26, 1), digits(area, 27, 7))
    setText(area, 67, 2, refusal ?? 'OK')
    setBinary(area, 69, 4, refusal ? 0 : this.#number)
    setZero(area, 73, 8)
  }

  #reverse(area: Uint8Array): void {
    const refusal = this.#refusal('REVENT', area)
    const original = this.entries.find(({ reference }) => reference === text(area, 16, 16))
    if (!refusal && original) {
      const { account, direction, amount, reference } = original
      this.#book(area, account, direction === 'D' ? 'C' : 'D', amount, reference)
    }
    setText(area, 32, 2, refusal ?? 'OK')
    setBinary(area, 34, 4, refusal ? 0 : this.#number)
    setZero(area, 38, 8)
  }

  #book(area: Uint8Array, account: string, direction: string, amount: string, undoes?: string): void {
    const number = ++this.#number
    this.entries.push({ reference: text(area, 0, 16), account, direction, amount, number, ...(undoes && { undoes }) })
  }

  /** FNDENT, for an entry found or none; `found` stands apart so that other bytes can be made of it. */
  #find(area: Uint8Array): void {
    const matches = this.entries.filter(({ reference }) => reference === text(area, 0, 16))
    const [first] = matches
    setText(area, 16, 2, first ? 'OK' : 'NF')
    setBinary(area, 18, 2, matches.length)
    setBinary(area, 20, 4, first?.number ?? 0)
    setText(area, 24, 10, first?.account ?? '')
    setText(area, 34, 1, first?.direction ?? '')
    area.set(Buffer.from(first?.amount ?? '0000000000000c', 'hex'), 35)
    setZero(area, 42, 8)
    const isUndone = this.entries.some(({ undoes }) => undoes !== undefined && undoes === first?.reference)
    setText(area, 50, 1, isUndone ? 'Y' : 'N')
    setText(area, 51, 16, first?.undoes ?? '')
  }
}

/** Any savings account. */
function showAccount(area: Uint8Array): void {
  setText(area, 10, 85, `OK00000001${'A HOLDER'.padEnd(30)}EURA20200101`)
  setZero(area, 62, 8)
  setBinary(area, 70, 4, 0)
  setText(area, 74, 1, 'S')
  setZero(area, 75, 4)
  setText(area, 79, 16, '030')
}
