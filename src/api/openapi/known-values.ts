// What fields of banks usually hold, by their names; only for examples.

const usual: readonly (readonly [name: RegExp, value: string])[] = [
  [/currency$/i, 'EUR'],
  [/country(?:Code)?$/i, 'GB'],
  [/iban$/i, 'GB33BUKB20201555555555'],
  [/bic$/i, 'BUKBGB22'],
  [/email/i, 'ada@example.org'],
  [/phone/i, '+442079460000'],
  [/(?:given|first)Name$/i, 'Ada'],
  [/(?:family|last|sur)Name$/i, 'Lovelace'],
  [/(?:holder|name)$/i, 'Ada Lovelace'],
  [/(?:city|town)$/i, 'London'],
  [/post(?:al)?Code$/i, 'EC2R 8AH'],
  [/(?:street|line\d*)$/i, '1 Example Street'],
  [/(?:text|remark|note|purpose)$/i, 'Rent November'],
  [/(?:reference|reverses)$/i, 'ABCDEFGHIJKLMNOP'],
]

/** A text that a field of this name may well hold; undefined for a name that says nothing. */
export function usualText(name: string): string | undefined {
  return usual.find(([pattern]) => pattern.test(name))?.[1]
}

/** Digits, for a field of this name that numbers things, another number for another place: accounts of the example bank (1000000001 …). */
export function usualNumber(name: string, length: number, place: number): string | undefined {
  if (!/(?:number|account|id)$/i.test(name)) return undefined
  const digits = Math.min(length, 10)
  return `1${String(place + 1).padStart(digits - 1, '0')}`.slice(0, digits)
}

/** Moments in the forms of ISO 8601; where a pattern is so strict that only one form fits, it is meant. */
export const moments = ['2026-11-23', '2026-11-23T10:15:00Z', '10:15:00'] as const
