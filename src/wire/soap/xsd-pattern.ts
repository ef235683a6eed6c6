// Patterns of XML Schema as regular expressions of JavaScript, both with Unicode.

import { failure } from '../../error/failure.ts'

const classes: Readonly<Record<string, string>> = {
  i: '\\p{L}_:',
  c: '\\p{L}\\p{N}\\p{M}._:\\-',
  d: '\\p{Nd}',
  w: '\\p{L}\\p{M}\\p{N}\\p{S}',
}

/** One expression for the alternatives of one restriction; it covers the whole text, as in XSD. Throws SOAP_WSDL_UNSUPPORTED. */
export function jsPattern(patterns: readonly string[], name: string): RegExp {
  const sources = patterns.map((pattern) => translated(pattern, name))
  try {
    return new RegExp(`^(?:${sources.join('|')})$`, 'u')
  } catch {
    throw failure('SOAP_WSDL_UNSUPPORTED', { name, construct: 'a pattern that cannot be translated' })
  }
}

function translated(pattern: string, name: string): string {
  let source = ''
  let inClass = false
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? ''
    if (character === '\\') {
      source += escaped(pattern[++at] ?? '', inClass)
    } else if (inClass && character === '[') {
      throw failure('SOAP_WSDL_UNSUPPORTED', { name, construct: 'a pattern with subtraction of classes' })
    } else if (character === '[' || character === ']') {
      inClass = character === '['
      source += character
    } else if (!inClass && (character === '^' || character === '$')) {
      source += `\\${character}`
    } else {
      source += character
    }
  }
  return source
}

function escaped(character: string, inClass: boolean): string {
  const small = classes[character]
  if (small !== undefined) return inClass ? small : `[${small}]`
  const large = classes[character.toLowerCase()]
  if (large !== undefined && !inClass) return `[^${large}]`
  if (character === '-' && !inClass) return '-'
  return `\\${character}`
}
