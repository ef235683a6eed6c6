// Patterns of XML Schema against libxml2, as they are matched and as JSON Schema gets them; and how long they take.

import { describe, expect, test } from '@jest/globals'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { isFailure } from '../../../src/error/failure.ts'
import { jsonPattern, xsdPattern } from '../../../src/wire/pattern/pattern.ts'
import { escapeAttribute, escapeText } from '../../../src/wire/soap/xml.ts'
import { fc } from '../../support/property.ts'
import { jsPatterns } from './arbitrary-pattern.ts'

/** The texts that libxml2 finds to match; undefined for a pattern that it refuses. */
function matchedByLibxml2(pattern: string, texts: readonly string[]): string[] | undefined {
  const schema = XmlDocument.fromString(
    `<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:element name="e"><x:simpleType><x:restriction base="x:string"><x:pattern value="${escapeAttribute(pattern)}"/></x:restriction></x:simpleType></x:element></x:schema>`,
  )
  try {
    const validator = XsdValidator.fromDoc(schema)
    const matched = texts.filter((text) => isValid(validator, text))
    validator.dispose()
    return matched
  } catch {
    return undefined
  } finally {
    schema.dispose()
  }
}

function isValid(validator: XsdValidator, text: string): boolean {
  const document = XmlDocument.fromString(`<e>${escapeText(text)}</e>`)
  try {
    validator.validate(document)
    return true
  } catch {
    return false
  } finally {
    document.dispose()
  }
}

const matched = (pattern: string, texts: readonly string[]) => texts.filter(xsdPattern([pattern], 1000).matches)
/** By the pattern that is published in JSON Schemas. */
const published = (pattern: string, texts: readonly string[]) => {
  const { source } = xsdPattern([pattern], 1000)
  return source === undefined ? undefined : texts.filter((text) => new RegExp(source, 'u').test(text))
}

describe('one construct each, as libxml2 has it', () => {
  const texts = [
    ...[
      '',
      'a',
      'b',
      'ab',
      'aab',
      'abab',
      'abc',
      'A',
      '1',
      '12',
      '-',
      '.',
      'a-b',
      'a.b',
      '^a$',
      '$',
      'a|b',
      '(a)',
      '[a]',
      '{1}',
    ],
    ...[
      '\\',
      '/',
      ' ',
      'a b',
      'ä',
      'Ä',
      'é',
      'ß',
      'Ω',
      '١',
      '日',
      '😀',
      '😀a',
      '_x',
      ':x',
      'x:y',
      '\u00a0',
      '\u2028',
      'a😀b',
    ],
  ]
  test.each([
    ...[
      'a',
      'ab|b',
      '(a|b)*',
      '(ab)+',
      'a?b?c?',
      'a{2}b',
      'a{1,}b',
      'a{0,1}',
      '(a{0,2}b){2}',
      '',
      '()',
      'a||b',
      '(|a)b',
    ],
    ...['[ab]', '[^ab]', '[a-c]+', '[a\\-b.]+', '[-a]', '[a-]', '[\\^$]+', '[^^]', '[a-z-[b]]+', '[\\p{L}-[ä-ü]]+'],
    ...[
      '.',
      '.{2}',
      '\\.',
      '\\^a\\$',
      '^a$',
      '\\\\',
      '\\(a\\)',
      '\\[a\\]',
      '\\{1\\}',
      '\\|',
      'a\\|b',
      '\\-',
      '\\?|\\*|\\+',
    ],
    ...[
      '\\d',
      '\\D',
      '\\s',
      '\\S',
      '\\w',
      '\\W',
      '\\i',
      '\\I',
      '\\c+',
      '\\C',
      '\\i\\c*',
      '[\\i-[:]][\\c-[:]]*',
      '[\\d\\s]',
      '[^\\d]',
    ],
    ...[
      '\\p{L}',
      '\\P{L}',
      '\\p{Lu}',
      '\\p{Nd}+',
      '\\p{Zs}',
      '\\p{IsBasicLatin}+',
      '\\P{IsBasicLatin}',
      '\\p{IsGreek}',
      '[\\p{Lu}\\p{Nd}]',
    ],
    ...['\\n|\\t|a', 'a/b|/', '😀', '[😀a]+', '[a-😀]'],
  ])('%s', (pattern) => {
    // libxml2 has the letters of an older Unicode, without ideographs, and the names of an older XML.
    const known = /\\[pPiIcC]/.test(pattern) ? texts.filter((text) => !/[١日😀]/u.test(text)) : texts
    const expected = matchedByLibxml2(pattern, known)
    expect(expected).toBeDefined()
    expect(matched(pattern, known)).toEqual(expected)
    expect(published(pattern, known) ?? expected).toEqual(expected)
  })

  test('a class that subtracts all it has matches nothing, in JSON Schemas too', () => {
    expect(published('[a-c-[\\w]]{2}|b', texts)).toEqual(['b'])
    expect(matched('[a-c-[\\w]]{2}|b', texts)).toEqual(['b'])
  })

  test('what a class subtracts may be negated, though not for libxml2', () => {
    expect(matched('[^a-[^b]]', texts)).toEqual(['b'])
    expect(matched('\\i\\p{L}', ['日本', 'a1'])).toEqual(['日本'])
  })

  test('a class and a block end where libxml2 has them end', () => {
    const around = (points: readonly number[]) => points.flatMap((point) => [point - 1, point, point + 1])
    const points = around([
      0x7f, 0x80, 0xff, 0x100, 0x17f, 0x24f, 0x370, 0x3ff, 0x400, 0x4ff, 0x2000, 0x206f, 0x3040, 0x4e00,
    ])
    const chosen = points.map((point) => String.fromCodePoint(point))
    for (const block of [
      'BasicLatin',
      'Latin-1Supplement',
      'LatinExtended-A',
      'Greek',
      'Cyrillic',
      'GeneralPunctuation',
      'Hiragana',
    ]) {
      const pattern = `\\p{Is${block}}`
      expect([block, matched(pattern, chosen)]).toEqual([block, matchedByLibxml2(pattern, chosen)])
    }
  })
})

test('any pattern and any text: as JavaScript has it, and libxml2', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom(...'abcAB12 -._'), maxLength: 8 }), {
    minLength: 1,
    maxLength: 12,
  })
  let compared = 0
  fc.assert(
    fc.property(jsPatterns('xsd'), texts, (pattern, candidates) => {
      const expected = candidates.filter((text) => new RegExp(`^(?:${pattern})$`, 'u').test(text))
      expect([pattern, matched(pattern, candidates)]).toEqual([pattern, expected])
      expect([pattern, published(pattern, candidates)]).toEqual([pattern, expected])
      // libxml2 miscounts what repeats nothing: `(){2,}a`.
      const theirs = matchedByLibxml2(pattern, candidates)
      if (theirs?.length === expected.length) compared += 1
    }),
    { numRuns: 250 },
  )
  expect(compared).toBeGreaterThan(225)
})

describe('time', () => {
  const evil = [
    '([A-Za-z0-9]+\\s?)*',
    '(a+)+',
    '(a|a)*',
    '(a|aa)+',
    '(.*)*',
    '(a*)*b',
    '.*.*.*x',
    '([a-z]+)*[0-9]',
    '(a?){30}a{30}',
  ]
  /** The best of some runs, in milliseconds: other work on the machine makes no run faster. */
  const took = (run: () => void) =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const start = performance.now()
        run()
        return performance.now() - start
      }),
    )
  test.each(evil)('%s and 40 characters: less than 5 ms', (pattern) => {
    const { matches } = xsdPattern([pattern], 1000)
    expect(took(() => matches(`${'a'.repeat(40)}!`))).toBeLessThan(5)
  })
  test.each(evil)('%s and 50,000 characters: in proportion', (pattern) => {
    const { matches } = xsdPattern([pattern], 1000)
    expect(took(() => matches(`${'a'.repeat(50_000)}!`))).toBeLessThan(500)
  })
  test('in JSON Schemas too', () => {
    const { source = '' } = xsdPattern(['([A-Za-z0-9]+\\s?)*'], 1000)
    expect(took(() => jsonPattern(source)?.matches(`${'a'.repeat(5000)}!`))).toBeLessThan(100)
  })

  test('where there is no table, the twin in a JSON Schema takes the same texts', () => {
    const { matches, source = '' } = xsdPattern(['(a|b)*a(a|b){100}'], 4000)
    const texts = ['a'.repeat(4000), `${'ab'.repeat(1999)}a`, `${'b'.repeat(3000)}a`, 'b'.repeat(300), 'a'.repeat(100)]
    expect(texts.map(matches)).toEqual([true, true, false, false, false])
    expect(texts.map((text) => jsonPattern(source)?.matches(text))).toEqual(texts.map(matches))
  })

  const reasonOf = (pattern: string, length: number) => {
    try {
      return `taken: ${xsdPattern([pattern], length).matches('a'.repeat(50))}`
    } catch (error) {
      return isFailure(error) ? error.what : String(error)
    }
  }
  test.each([
    ['(a|b)*a(a|b){20}', 100, 'taken: true'],
    ['(a|b)*a(a|b){1000}', 500, 'taken: false'],
    ['(a|b)*a(a|b){1000}', 262_144, 'needs too many states for texts of 262144 characters'],
    ['(a{1000}){1000}', 100, 'needs too many states for texts of 100 characters'],
    ['(a|b)*a(a|b){1000}c{0}', 10_000, 'needs too many states for texts of 10000 characters'],
    ['.{0,9000}', 262_144, 'taken: true'],
  ])('%s for texts of %i', (pattern, length, expected) => {
    expect(reasonOf(pattern, length)).toContain(expected)
  })
})

test.each([
  ['[a', 'has a [ without its ]'],
  ['(a', 'has a ( without its )'],
  ['a)', 'has a ) without its ('],
  ['a**', 'has a * in a place where it means nothing'],
  ['+a', 'has a + in a place where it means nothing'],
  ['a{2,1}', 'has a count whose end is below its start'],
  ['a{,2}', 'has a { that begins no count'],
  ['[]', 'has an empty class'],
  ['[b-a]', 'has a range whose end is before its start'],
  ['[a[b]]', 'has a class inside of a class'],
  ['[a-[b]c]', 'goes on behind what a class subtracts'],
  ['\\p{Latin}', 'has \\p{Latin}, which is not known'],
  ['\\p{IsNowhere}', 'has \\p{IsNowhere}, which is not known'],
  ['\\b', 'has \\b, which XML Schema does not know'],
  ['(?:a)', 'has a ? in a place where it means nothing'],
  ['a\\', 'ends with a \\'],
  [`${'('.repeat(300)}a${')'.repeat(300)}`, 'is nested deeper than 200'],
])('%s is refused', (pattern, problem) => {
  expect(() => xsdPattern([pattern], 10)).toThrow(problem)
})
