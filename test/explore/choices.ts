// The choices of one path. A path is a list of numbers: at each point the one that was taken, 0 being what happens when nothing goes wrong.
// Running it again with the same list gives the same path, so that nothing has to be kept between two paths.

/** What a choice uses up: a fault of machines, a deed of people, a decision on what is parked, or nothing. */
export type Kind = 'fault' | 'deed' | 'decision' | 'free'

/** How much of each a path may hold. Of several budgets a path keeps to one. */
export interface Budget {
  readonly fault: number
  readonly deed: number
  readonly decision: number
}

/** A choice that was made where others were open. */
export interface Choice {
  readonly point: string
  readonly taken: number
  readonly kinds: readonly Kind[]
  /** What was left before. */
  readonly left: readonly Budget[]
}

export class Path {
  readonly #prefix: readonly number[]
  readonly made: Choice[] = []
  #left: readonly Budget[]

  /** Takes what the list says, then always 0. */
  constructor(prefix: readonly number[], budgets: readonly Budget[]) {
    this.#prefix = prefix
    this.#left = budgets
  }

  get taken(): number[] {
    return this.made.map(({ taken }) => taken)
  }

  /** How many faults and deeds it holds by now. */
  get spent(): number {
    return this.made.filter(({ taken, kinds }) => kinds[taken] !== 'free').length
  }

  /** Whether anything but 0 could be taken of this kind. */
  may(kind: Kind): boolean {
    return isAffordable(kind, this.#left)
  }

  /** `kinds` has one entry for each way on. Points with a single way that can be taken are left out of the list. */
  choose(point: string, kinds: readonly Kind[]): number {
    if (!kinds.some((kind, at) => at > 0 && this.may(kind))) return 0
    const taken = this.#prefix[this.made.length] ?? 0
    const kind = kinds[taken]
    if (kind === undefined || !this.may(kind))
      throw new Error(`no path: choice ${taken} of ${kinds.length} at ${point}`)
    this.made.push({ point, taken, kinds, left: this.#left })
    if (kind !== 'free') this.#left = lessOne(this.#left, kind)
    return taken
  }
}

function isAffordable(kind: Kind, left: readonly Budget[]): boolean {
  return kind === 'free' || left.some((budget) => budget[kind] > 0)
}

function lessOne(left: readonly Budget[], kind: Exclude<Kind, 'free'>): Budget[] {
  return left.flatMap((budget) => (budget[kind] > 0 ? { ...budget, [kind]: budget[kind] - 1 } : []))
}

/** The list of the path that comes after this one in order, below `fixed` choices that stay; undefined after the last. */
export function following(made: readonly Choice[], fixed: number): number[] | undefined {
  for (let at = made.length - 1; at >= fixed; at--) {
    const choice = made[at]
    const next = choice && nextWay(choice, choice.taken + 1)
    if (next !== undefined) return [...made.slice(0, at).map(({ taken }) => taken), next]
  }
  return undefined
}

/** The first way on from `from` that is affordable. */
function nextWay({ kinds, left }: Choice, from: number): number | undefined {
  for (let way = from; way < kinds.length; way++) {
    const kind = kinds[way]
    if (kind !== undefined && isAffordable(kind, left)) return way
  }
  return undefined
}

/** Every list that leaves this path at its first choice that is not 0: below them lie all other paths. */
export function branches(made: readonly Choice[]): number[][] {
  return made.flatMap((choice, at) => {
    const before = made.slice(0, at).map(({ taken }) => taken)
    return choice.kinds.flatMap((kind, way) => (way > 0 && isAffordable(kind, choice.left) ? [[...before, way]] : []))
  })
}
