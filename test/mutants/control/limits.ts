// A small room of its own, in which the end of every mutant is known: what the test of this tool runs, and nothing else uses.

/** Tested at its boundary: every mutant is found. */
export function isWithin(count: number, most: number): boolean {
  return count <= most
}

/** The comparison may as well be `>`: of equal ones either is the larger. */
export function larger(one: number, other: number): number {
  if (one >= other) return one
  return other
}

/** Going up it would never end. */
export function stepsDown(from: number): number {
  let steps = 0
  for (let left = from; left > 0; left--) steps++
  return steps
}

/** Nobody tests it. */
export function isOdd(count: number): boolean {
  return count % 2 === 1
}
