// The regular expressions of an operation's schemas: each is matched against what callers send, so each must be linear, by proof.

import { z } from 'zod'
import { isObject } from '../../contract/json.ts'
import { type Failure, failure } from '../../error/failure.ts'
import { linearityMistake } from '../../wire/pattern/pattern.ts'

/** PATTERN_REFUSED for each that is not proved; those of zod's own formats (`z.email()`) are taken as they are. */
export function patternMistakes(schema: z.ZodType): readonly Failure[] {
  const mistakes: Failure[] = []
  for (const part of partsOf(schema)) {
    const pattern = patternOf(part)
    if (!pattern || isZods(part, pattern)) continue
    const mistake = unpublishable(pattern) ?? linearityMistake(pattern)
    if (mistake) mistakes.push(mistake)
  }
  return mistakes
}

/** JSON Schema has patterns without flags, read as with u: what is published would take other texts, and callers be held to it. */
function unpublishable({ source, flags }: RegExp): Failure | undefined {
  const lost = flags.replaceAll(/[dguy]/g, '')
  if (lost !== '')
    return failure('PATTERN_REFUSED', { pattern: source, problem: `loses its flag ${lost} in JSON Schema` })
  try {
    RegExp(source, 'u')
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return failure('PATTERN_REFUSED', { pattern: source, problem: 'is none with the flag u, which JSON Schema has' })
  }
}

/** A schema of zod, or one of its checks, as it is inside. */
interface ZodPart {
  readonly _zod: {
    readonly def: Readonly<Record<string, unknown>>
    readonly constr: new (def: object) => ZodPart
    readonly pattern?: unknown
  }
}

function isPart(value: unknown): value is ZodPart {
  return isObject(value) && isObject(value._zod) && isObject(value._zod.def)
}

/** A schema with all schemas and checks inside of it. */
function partsOf(schema: z.ZodType): readonly ZodPart[] {
  const seen = new Set<unknown>([schema])
  const parts: ZodPart[] = []
  // Grows while it is walked.
  for (const value of seen) {
    if (isPart(value)) parts.push(value)
    for (const inner of insideOf(value)) if (typeof inner === 'object' && inner !== null) seen.add(inner)
  }
  return parts
}

function insideOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (isPart(value)) {
    const { def } = value._zod
    const lazy = def.type === 'lazy' && typeof def.getter === 'function' ? [def.getter()] : []
    return [...Object.values(def), ...lazy]
  }
  const isPlain = isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
  return isPlain ? Object.values(value) : []
}

function patternOf({ _zod: { def, pattern } }: ZodPart): RegExp | undefined {
  const own = def.type === 'template_literal' ? pattern : def.pattern
  return own instanceof RegExp ? own : undefined
}

/** Whether a part has its pattern from zod: it is made with the same without being given one, or zod knows it by the format's name. */
function isZods({ _zod: { def, constr } }: ZodPart, pattern: RegExp): boolean {
  if (def.type === 'template_literal' || def.format === 'regex') return false
  const byName = Object.entries(z.regexes).find(([name, one]) => name === def.format && one instanceof RegExp)?.[1]
  const theirs = patternOf(new constr({ ...def, pattern: undefined })) ?? byName
  return theirs instanceof RegExp && theirs.source === pattern.source && theirs.flags === pattern.flags
}
