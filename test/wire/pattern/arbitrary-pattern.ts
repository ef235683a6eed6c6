// Random patterns, small enough to be matched by any engine, of the constructs that both dialects write alike.

import { fc } from '../../support/property.ts'

const characters = fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '-', '\\.', '_')
const ranges = fc.constantFrom('a', 'b', 'a-c', 'A-B', '0-9', '_', '\\-', '\\.')
const quantifiers = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{0,2}', '{1,3}', '{2,}')

/** `js`: with `.`, groups that do not capture, shortest matches and anchors. */
export function jsPatterns(dialect: 'js' | 'xsd'): fc.Arbitrary<string> {
  const classes = fc
    .tuple(fc.boolean(), fc.array(ranges, { minLength: 1, maxLength: 3 }))
    .map(([not, inside]) => `[${not ? '^' : ''}${inside.join('')}]`)
  const { pattern } = fc.letrec<{ pattern: string; sequence: string; piece: string }>((tie) => ({
    pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((branches) => branches.join('|')),
    sequence: fc.array(tie('piece'), { minLength: 0, maxLength: 4 }).map((pieces) => pieces.join('')),
    piece: fc
      .tuple(
        fc.oneof(
          { maxDepth: 3, depthSize: 'small' },
          characters,
          classes,
          fc.constant(dialect === 'js' ? '.' : 'b'),
          tie('pattern').map((inner) => (dialect === 'js' ? `(?:${inner})` : `(${inner})`)),
        ),
        quantifiers,
        fc.constantFrom('', '', '?'),
      )
      .map(([atom, quantifier, lazy]) => `${atom}${quantifier}${quantifier !== '' && dialect === 'js' ? lazy : ''}`),
  }))
  if (dialect === 'xsd') return pattern
  return fc
    .tuple(fc.constantFrom('', '^'), pattern, fc.constantFrom('', '$'))
    .map(([start, inner, end]) => `${start}${inner}${end}`)
}
