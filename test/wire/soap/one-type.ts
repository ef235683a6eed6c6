// One simple type: as we read it, and as libxml2 does.

import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { problemOf, type SimpleType, treatWhiteSpace } from '../../../src/wire/soap/simple-type.ts'
import { escapeText, readXml } from '../../../src/wire/soap/xml.ts'
import { SchemaSet, XSD } from '../../../src/wire/soap/xsd.ts'

const limits = { bytes: 100_000, elements: 1000, depth: 20 }

/** A schema with one element `e` of a type; `inner` is what stands inside it. */
export const schemaOf = (type: string, inner = '') =>
  inner === ''
    ? `<x:schema xmlns:x="${XSD}"><x:element name="e" type="x:${type}"/></x:schema>`
    : `<x:schema xmlns:x="${XSD}"><x:element name="e"><x:simpleType><x:restriction base="x:${type}">${inner}</x:restriction></x:simpleType></x:element></x:schema>`

export function ours(schema: string): SimpleType {
  const { type } = new SchemaSet([{ root: readXml(schema, limits), target: '' }]).element('', 'e')
  if (type.kind !== 'simple') throw new Error('not simple')
  return type
}

/** The texts that libxml2 finds valid. */
export function validForLibxml2(schema: string, texts: readonly string[]): string[] {
  const document = XmlDocument.fromString(schema)
  const validator = XsdValidator.fromDoc(document)
  const valid = texts.filter((text) => {
    const one = XmlDocument.fromString(`<e>${escapeText(text)}</e>`)
    try {
      validator.validate(one)
      return true
    } catch {
      return false
    } finally {
      one.dispose()
    }
  })
  validator.dispose()
  document.dispose()
  return valid
}

export const validForUs = (type: SimpleType, texts: readonly string[]) =>
  texts.filter((text) => problemOf(type, treatWhiteSpace(type, text)) === undefined)
