// What can become of one exchange with the host: the menu that the explorer takes from, and when what is late comes.

/**
 * When something that is late happens: before anybody asks; after the inquiry was answered; after the call was sent again and executed;
 * at the end of the longest pause that is reckoned with. Each is bounded by that pause.
 */
export type When = 'before the inquiry' | 'after the inquiry' | 'after the next attempt' | 'very late'

export const whens: readonly When[] = ['before the inquiry', 'after the inquiry', 'after the next attempt', 'very late']

export type Fate =
  | { readonly is: 'well' }
  /** No connection. */
  | { readonly is: 'refused' }
  /** The request never arrives; the connection is silent, or breaks. */
  | { readonly is: 'lost'; readonly breaks: boolean }
  /** Executed; the reply never arrives. */
  | { readonly is: 'reply lost'; readonly breaks: boolean }
  | { readonly is: 'reply'; readonly as: Twist; readonly executed: boolean }
  | { readonly is: 'abends' }
  | { readonly is: 'refuses' }
  /** The core takes its time. */
  | { readonly is: 'slow'; readonly until: When }
  /** The network keeps the bytes. `dies`: and the worker is killed meanwhile, so that nobody resets the connection. */
  | { readonly is: 'held'; readonly until: When; readonly dies: boolean }
  /** The worker stands still: before it looks at the clock, between look and write, or after the reply. */
  | { readonly is: 'stands'; readonly at: Pause; readonly until: When }
  | { readonly is: 'dies'; readonly at: Pause }
  /** The network delivers the request twice; the reply to the first is lost, or comes. */
  | { readonly is: 'twice'; readonly heard: 'first' | 'second' | 'none' }
  /** Inquiries get no answer for so long. */
  | { readonly is: 'silent'; readonly ms: number }

export type Pause = 'before the look' | 'before the write' | 'after the reply'
/** Replies that are not what they should be. */
export type Twist = 'cut short' | 'of another reference' | 'of another account' | 'a refusal and rubbish' | 'nonsense'

const executedOrNot = (as: Twist): Fate[] => [
  { is: 'reply', as, executed: true },
  { is: 'reply', as, executed: false },
]

const common: readonly Fate[] = [
  { is: 'refused' },
  { is: 'lost', breaks: false },
  { is: 'lost', breaks: true },
  { is: 'reply lost', breaks: false },
  { is: 'reply lost', breaks: true },
  ...executedOrNot('cut short'),
  ...executedOrNot('of another reference'),
  ...executedOrNot('a refusal and rubbish'),
  ...executedOrNot('nonsense'),
  { is: 'dies', at: 'before the write' },
  { is: 'dies', at: 'after the reply' },
]

/** For a call that takes effect. The order is that of the search. */
export const callFates: readonly Fate[] = [
  { is: 'well' },
  ...common,
  ...executedOrNot('of another account'),
  { is: 'abends' },
  { is: 'refuses' },
  ...whens.map((until): Fate => ({ is: 'slow', until })),
  ...whens.map((until): Fate => ({ is: 'held', until, dies: false })),
  ...whens.map((until): Fate => ({ is: 'held', until, dies: true })),
  ...whens.map((until): Fate => ({ is: 'stands', at: 'before the look', until })),
  ...whens.map((until): Fate => ({ is: 'stands', at: 'before the write', until })),
  { is: 'stands', at: 'after the reply', until: 'after the inquiry' },
  { is: 'stands', at: 'after the reply', until: 'very late' },
]

/** Only against a core that refuses what it knows: elsewhere a request that the network doubles cannot be told from two. */
export const deduplicatedFates: readonly Fate[] = [
  { is: 'twice', heard: 'first' },
  { is: 'twice', heard: 'second' },
  { is: 'twice', heard: 'none' },
]

export const inquiryFates: readonly Fate[] = [
  { is: 'well' },
  { is: 'refused' },
  { is: 'lost', breaks: false },
  { is: 'reply', as: 'of another reference', executed: true },
  { is: 'reply', as: 'a refusal and rubbish', executed: true },
  { is: 'reply', as: 'nonsense', executed: true },
  { is: 'dies', at: 'before the write' },
  { is: 'dies', at: 'after the reply' },
  { is: 'silent', ms: 20_000 },
  { is: 'silent', ms: 200_000 },
]

/**
 * Beyond what the product can prevent, as docs/doubt.md says: what it has to detect is an effect that comes after everybody was told
 * that there was none. `prompt`: the pause is over before anybody asks, so that nothing is late.
 */
export function isResidual(fate: Fate): boolean {
  if (fate.is === 'slow') return fate.until !== 'before the inquiry'
  if (fate.is === 'held') return fate.dies
  return fate.is === 'stands' && fate.at === 'before the write'
}

/** A fate in words, for a story. */
export function wordsOf(fate: Fate): string {
  switch (fate.is) {
    case 'well':
      return 'all goes well'
    case 'refused':
      return 'the connection is refused'
    case 'lost':
      return fate.breaks
        ? 'the connection breaks before the request arrives'
        : 'the request is lost, and nobody says so'
    case 'reply lost':
      return fate.breaks
        ? 'the core executes it, and the connection breaks'
        : 'the core executes it, and its reply is lost'
    case 'reply':
      return `the core ${fate.executed ? 'executes it' : 'does not execute it'}, and the reply is ${fate.as}`
    case 'abends':
      return 'the program abends and is backed out'
    case 'refuses':
      return 'the core refuses it'
    case 'slow':
      return `the core executes it only ${fate.until}`
    case 'held':
      return `the network keeps its bytes until ${fate.until}${fate.dies ? ', and the worker is killed' : ''}`
    case 'stands':
      return `the worker stands still ${fate.at}, until ${fate.until}`
    case 'dies':
      return `the worker is killed ${fate.at}`
    case 'twice':
      return `the network delivers it twice, and ${fate.heard === 'none' ? 'no reply' : `the ${fate.heard} reply`} comes`
    case 'silent':
      return `the core answers no inquiry for ${fate.ms / 1000} s`
  }
}
