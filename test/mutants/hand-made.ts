// What a mutant that was made by hand is: a change of one place, and the test that has to tell.

/** A mutant made by hand. */
export interface ByHand {
  readonly path: string
  /** Stands once in the file. */
  readonly from: string
  readonly to: string
  /** The test file that it is run against, and part of the names of the cases. */
  readonly test: string
  readonly only?: string
  readonly expected: 'killed' | 'survived'
  /** Beside real servers, where tests of its kind could run in the simulation. */
  readonly isServed?: true
  /** What keeps money from moving wrongly, and is taken out by it. */
  readonly remedy?: string
  /** Quick, and run by the test of this tool. */
  readonly isControl?: true
}
