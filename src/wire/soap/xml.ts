// XML as a bounded tree: one strict reader for replies, WSDL and XSD alike, and the escapes to write it.
//
// Text of an element is all its text joined, whatever comments, CDATA sections and character references stand inside. Only
// the five predefined entities exist. A DOCTYPE is refused before the parser sees it. Names resolve to namespaces.

import { SaxesParser, type SaxesTagNS } from 'saxes'
import { failure } from '../../error/failure.ts'

/** An element of a parsed document, with its namespace resolved. */
export interface XmlElement {
  readonly namespace: string
  readonly local: string
  /** By `local` for attributes without a namespace, by `{namespace}local` for others; declarations of namespaces left out. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** The element's own text, without that of its children. */
  readonly text: string
  /** The namespace of a prefix where the element stands; '' for no prefix. */
  namespaceOf(prefix: string): string | undefined
}

/** Bounds of a document that comes from outside: its bytes, its elements, and how deep they nest. */
export interface XmlLimits {
  readonly bytes: number
  readonly elements: number
  readonly depth: number
}

/** The namespace of namespace declarations (Namespaces in XML 1.0, section 3). */
export const XMLNS = 'http://www.w3.org/2000/xmlns/'
/** The namespace of xsi:type and xsi:nil (XML Schema Part 1, section 2.6). */
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'

interface OpenElement {
  readonly namespace: string
  readonly local: string
  readonly attributes: Map<string, string>
  readonly children: XmlElement[]
  readonly texts: string[]
  readonly declared: Readonly<Record<string, string>>
  readonly parent: OpenElement | undefined
}

/** Throws XML_REFUSED for everything that is not well-formed UTF-8 within the limits, or holds a DOCTYPE. */
export function readXml(source: Uint8Array | string, limits: XmlLimits): XmlElement {
  const text = typeof source === 'string' ? source : utf8(source, limits.bytes)
  refuseDoctype(text)
  const parser = new SaxesParser({ xmlns: true, position: false })
  let count = 0
  let depth = 0
  let open: OpenElement | undefined
  let root: XmlElement | undefined
  // Six handlers at most: V8 reaches the fields of a parser with a seventh two to three times as slowly.
  // Thrown out of the parser's callbacks: it stops at the first mistake instead of going on.
  parser.on('error', () => {
    throw refused('it is not well-formed')
  })
  parser.on('doctype', () => {
    throw refused('it holds a DOCTYPE')
  })
  parser.on('opentag', (tag) => {
    if (count === 0) refuseEncoding(parser.xmlDecl.encoding)
    if (++count > limits.elements) throw refused(`it has more than ${limits.elements} elements`)
    if (++depth > limits.depth) throw refused(`it is nested deeper than ${limits.depth}`)
    open = opened(tag, open)
  })
  parser.on('text', (chunk) => {
    open?.texts.push(chunk)
  })
  parser.on('cdata', (chunk) => {
    open?.texts.push(chunk)
  })
  parser.on('closetag', () => {
    depth -= 1
    if (!open) return
    const element = closed(open)
    open = open.parent
    if (open) open.children.push(element)
    else root = element
  })
  parser.write(text).close()
  if (!root) throw refused('it has no element')
  return root
}

function refused(problem: string) {
  return failure('XML_REFUSED', { problem })
}

function utf8(bytes: Uint8Array, most: number): string {
  if (bytes.length > most) throw refused(`it is longer than ${most} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refused('it is not UTF-8')
  }
}

function refuseEncoding(encoding: string | undefined): void {
  if (encoding !== undefined && !/^(?:utf-8|us-ascii)$/i.test(encoding)) throw refused('its encoding is not UTF-8')
}

/** A DOCTYPE can only stand before the first element, among comments, instructions and blanks: looks at these alone. */
function refuseDoctype(text: string): void {
  let at = 0
  for (;;) {
    const next = text.indexOf('<', at)
    if (next < 0) return
    if (text.startsWith('<!DOCTYPE', next)) throw refused('it holds a DOCTYPE')
    const end = text.startsWith('<?', next) ? '?>' : text.startsWith('<!--', next) ? '-->' : undefined
    if (end === undefined) return
    const after = text.indexOf(end, next + 2)
    if (after < 0) return
    at = after + end.length
  }
}

function opened(tag: SaxesTagNS, parent: OpenElement | undefined): OpenElement {
  const attributes = new Map<string, string>()
  for (const { uri, local, prefix, value } of Object.values(tag.attributes)) {
    if (uri === XMLNS) continue
    attributes.set(prefix === '' ? local : `{${uri}}${local}`, value)
  }
  return { namespace: tag.uri, local: tag.local, attributes, children: [], texts: [], declared: { ...tag.ns }, parent }
}

function closed(open: OpenElement): XmlElement {
  const { namespace, local, attributes, children, texts } = open
  const namespaceOf = (prefix: string): string | undefined => {
    for (let scope: OpenElement | undefined = open; scope; scope = scope.parent) {
      if (Object.hasOwn(scope.declared, prefix)) return scope.declared[prefix]
    }
    return prefix === '' ? '' : undefined
  }
  return { namespace, local, attributes, children, text: texts.join(''), namespaceOf }
}

/** Whether XML 1.0 has a way to write every character: no controls but tab, line feed and carriage return, no lone surrogate. */
export function isXmlText(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const control = code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d
    if (control || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) return false
  }
  return true
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Text content. A carriage return is written as a reference, or the other side would read a line feed. */
export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => escapes[character] ?? character)
}

/** The inside of a double-quoted attribute. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character)
}
