// A schema as SOAP messages need it: elements with their types, sequences and choices, attributes.

import type { SimpleType } from './simple-type.ts'

/** A type with elements, attributes, or text with attributes. */
export interface ComplexType {
  readonly kind: 'complex'
  readonly attributes: readonly AttributeDecl[]
  /** `all`: its elements come in any order. */
  readonly order: 'sequence' | 'all'
  readonly particles: readonly Particle[]
  /** Text with attributes; then there are no particles. */
  readonly text: SimpleType | undefined
  /** A base for others, and never itself the type of an element. */
  readonly abstract: boolean
}

/** Property of the text where a type has text and attributes. */
export const TEXT = 'value'

/** The value that stands for an absent attribute or an empty element; `fixed`: no other is valid. White space treated. */
export interface Preset {
  readonly text: string
  readonly fixed: boolean
}

/** One element of a sequence, or the alternatives of a choice (of which at most one stands). */
export interface Particle {
  readonly elements: readonly ElementDecl[]
  readonly required: boolean
}

/** An element as it may stand in its parent: its type, and how often (`max` Infinity: unbounded). */
export interface ElementDecl {
  readonly name: string
  readonly namespace: string
  readonly type: SimpleType | ComplexType
  readonly min: number
  readonly max: number
  readonly nillable: boolean
  readonly preset: Preset | undefined
}

/** An attribute of a complex type; `namespace` is '' for an unqualified one. */
export interface AttributeDecl {
  readonly name: string
  readonly namespace: string
  readonly type: SimpleType
  readonly required: boolean
  readonly preset: Preset | undefined
}

/** The properties of a type in JSON. */
export function namesOf(type: ComplexType): readonly string[] {
  const names = [...type.attributes, ...elementsOf(type)].map(({ name }) => name)
  return type.text ? [TEXT, ...names] : names
}

/** All elements that may stand in a type, alternatives included, in the order of the schema. */
export function elementsOf(type: ComplexType): readonly ElementDecl[] {
  return type.particles.flatMap(({ elements }) => elements)
}

/** Whether what a particle holds is a list in every reply, empty where nothing stands. */
export function isListAlways({ elements, required }: Particle): boolean {
  const [only] = elements
  return only !== undefined && elements.length === 1 && only.max > 1 && (required || only.min === 0)
}
