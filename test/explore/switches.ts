// The eleven remedies, each with a switch. The product has no such switches: what a switch turns off stands in the simulation alone, as a
// part that is put in the place of another. With any of them off the explorer has to find the hole by itself.

export interface Switches {
  /** Activities have ids that name the call, and answers say what they answer. */
  readonly identity: boolean
  /** The clock is read right before a write that can take effect. */
  readonly look: boolean
  /** What rests on absence or on a person's word is looked up once more, late. */
  readonly late: boolean
  /** A connection given up in doubt is reset, so that its bytes go nowhere. */
  readonly reset: boolean
  /** The core is asked only after the time that it may still need. */
  readonly quiescence: boolean
  /** "Duplicate" is held against what the core has. */
  readonly duplicate: boolean
  /** A reply has to repeat what was asked. */
  readonly echo: boolean
  /** A refusal has to be whole. */
  readonly whole: boolean
  /** Runs that were ended by force are found and repaired. */
  readonly sweep: boolean
  /** A decision is held against the core. */
  readonly asking: boolean
  /** After a reset the core is asked before anything is sent. */
  readonly withheld: boolean
}

export const allOn: Switches = {
  identity: true,
  look: true,
  late: true,
  reset: true,
  quiescence: true,
  duplicate: true,
  echo: true,
  whole: true,
  sweep: true,
  asking: true,
  withheld: true,
}

/** The remedies in the words of the issue. */
export const remedies: Readonly<Record<keyof Switches, string>> = {
  identity: 'activity identity',
  look: 'look at the clock',
  late: 'late inquiry',
  reset: 'reset on close',
  quiescence: 'quiescence',
  duplicate: 'duplicate check',
  echo: 'echo',
  whole: 'whole refusal',
  sweep: 'sweep',
  asking: 'asking before a decision',
  withheld: 'inquiry after reset',
}
