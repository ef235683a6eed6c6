// Arithmetic of whole numbers in source text: level 78 values and compiler directives.

/** Undefined for a division by zero. Quotients are cut to integers, as fixed-point numbers without decimals are. */
export function integerResult(operator: string, left: bigint, right: bigint): bigint | undefined {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  if (operator === '*') return left * right
  return right === 0n ? undefined : left / right
}
