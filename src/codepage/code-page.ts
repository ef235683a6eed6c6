// A code page by its name.

import { failure } from '../error/failure.ts'
import { isMixedPage, mixedPage, mixedPages } from './mixed.ts'
import type { CodePage, CodePageOptions } from './page.ts'
import {
  isSingleBytePage,
  type SingleByteTable,
  singleBytePage,
  singleBytePages,
  singleByteTable,
} from './single-byte.ts'
import { asciiPage, utf8Page } from './text-pages.ts'

export type { CodePage, CodePageOptions, DoubleBytePage } from './page.ts'

const ebcdicSubstitute = 0x3f
const pages = new Map<string, CodePage>()

/**
 * The code page of a name: `cp037`, `037`, `IBM-037`, `ibm037`, `x-IBM930`, `IBM01140`, `ibm-1047,swaplfnl`, `ascii`, `latin1`, `utf-8`.
 * Pages are built on first use and shared. Throws CODE_PAGE_UNKNOWN.
 */
export function codePage(name: string, options: CodePageOptions = {}): CodePage {
  const [bare = '', suffix] = name.trim().toLowerCase().split(',')
  if (suffix !== undefined && suffix !== 'swaplfnl') throw failure('CODE_PAGE_UNKNOWN', { name })
  const id = canonicalName(bare)
  const swaplfnl = suffix === 'swaplfnl' || options.swaplfnl === true
  const substitute = options.substitute === true
  const key = `${id}${swaplfnl ? ',swaplfnl' : ''}${substitute ? ',substitute' : ''}`
  const known = pages.get(key)
  if (known) return known
  const page = buildPage(id, swaplfnl, substitute)
  if (!page) throw failure('CODE_PAGE_UNKNOWN', { name })
  pages.set(key, page)
  return page
}

/** Names of all code pages, as `codePage` gives them. */
export function codePageNames(): readonly string[] {
  return [...singleBytePages(), ...mixedPages()].map((ccsid) => `cp${ccsid}`).concat('ascii', 'latin1', 'utf-8')
}

const aliases: Readonly<Record<string, string>> = {
  'us-ascii': 'ascii',
  cp367: 'ascii',
  utf8: 'utf-8',
  cp1208: 'utf-8',
  'iso-8859-1': 'latin1',
  'iso8859-1': 'latin1',
  cp819: 'latin1',
  // 930 and 939 with fewer user-defined characters.
  cp5026: 'cp930',
  cp5035: 'cp939',
}

/** `ibm-37`, `IBM037`, `x-ibm037`, `ccsid 37` → `cp037`; other names as they are. */
function canonicalName(name: string): string {
  const ccsid = /^(?:x-)?(?:cp|ibm|ccsid)?[-_ ]?0*([1-9]\d{1,4})(?:_[a-z]\d+(?:-\d+)?)?$/.exec(name)?.[1]
  const id = ccsid === undefined ? name : `cp${ccsid.padStart(3, '0')}`
  return Object.hasOwn(aliases, id) ? (aliases[id] ?? id) : id
}

function buildPage(id: string, swaplfnl: boolean, substitute: boolean): CodePage | undefined {
  if (id === 'utf-8') return utf8Page(substitute)
  if (id === 'ascii') return asciiPage('ascii', 0x80, substitute)
  if (id === 'latin1') return asciiPage('latin1', 0x100, substitute)
  const ccsid = /^cp(\d+)$/.exec(id)?.[1] ?? ''
  if (!isSingleBytePage(ccsid) && !isMixedPage(ccsid)) return undefined
  const table = singleByteTable(ccsid)
  if (swaplfnl) exchangeNewlines(table)
  const name = swaplfnl ? `${id},swaplfnl` : id
  if (isMixedPage(ccsid)) return mixedPage(name, ccsid, table, substitute)
  return singleBytePage(name, 'single', table, substitute ? ebcdicSubstitute : undefined)
}

function exchangeNewlines({ toUnicode, fromUnicode }: SingleByteTable): void {
  toUnicode[0x15] = 0x0a
  toUnicode[0x25] = 0x85
  fromUnicode[0x0a] = 0x15
  fromUnicode[0x85] = 0x25
}
