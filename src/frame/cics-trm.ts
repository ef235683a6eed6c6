// The messages of the CICS sockets listener (EZACIC02) with the TRM Link exchange: bytes ⇄ values, nothing else.
//
// What flows on one connection (offsets from 0, binary numbers big-endian, text EBCDIC, blank-padded):
//
//   we → TRM                 0   4  TRANID of the child server
//                            4   1  comma X'6B': the listener splits at every comma (and at X'2C') it finds
//                            5  35  client-in-data
//   core → TRM reply         0   4  length, without itself
//                            4   …  fields: length 4 (1 + data), code 1, data
//   we → COMMAREA            COMMAREA-LEN bytes. From its first byte on the program may run
//   core → COMMAREA          COMMAREA-LEN bytes; or, and then it closes, a TRM reply that tells why not (08 abend, 09 …)
//   and so on with the next TRM, if client-in-data said that more calls follow; otherwise the core closes
//
//   client-in-data           0   8  user id
//                            8   8  password
//                           16   8  program to link to
//                           24   2  COMMAREA-LEN, of request and reply alike
//                           26   4  DATA-LEN: bytes of the COMMAREA that we send (version 2)
//                           30   1  version: X'00' = 1, X'01' = 2
//                           31   1  flag 1: X'00'
//                           32   1  flag 2 (version 2): X'02' first of several calls, X'04' one more
//                           33   2  reserved, format
//
// Sources: Microsoft Host Integration Server, "TRM Format for the TCP TRM Link Programming Model", and its sample child
// server MSCMTICS. That one reports an abend by a close without a byte; and when the connection ends inside the COMMAREA,
// it links to the program with what it has got: an incomplete COMMAREA is no proof that nothing ran. Its own way to keep a
// connection (client-in-data and COMMAREA in one, no TRM reply between them) is not used here: on a connection that the
// core has just closed, that leaves a call in doubt which the TRM exchange would have proven unsent.

import { failure } from '../error/failure.ts'

const TRM_LENGTH = 40
const CLIENT_IN_DATA_LENGTH = 35
/** The longest COMMAREA that every client and CICS release takes. */
export const COMMAREA_MAX = 32_763
/** A longer TRM reply is refused: the longest known one is below 100 bytes. */
export const TRM_REPLY_MAX = 1024

/** Field codes of a TRM reply. */
export const trmCodes = {
  1: 'version id',
  2: 'user data',
  3: 'invalid program id',
  4: 'invalid transaction id',
  5: 'program inquiry failed',
  6: 'program disabled',
  7: 'execution OK',
  8: 'program abend',
  9: 'execution failed',
  10: 'invalid TRM',
  11: 'server exception',
} as const

export type TrmCode = keyof typeof trmCodes

export interface TrmField {
  readonly code: TrmCode
  readonly data: Uint8Array
}

/** Whether the connection serves more calls than this one; `single` is version 1. */
export type Persistence = 'single' | 'first' | 'next'

export interface ClientInData {
  readonly user: string
  readonly password: string
  readonly program: string
  readonly commareaLength: number
  readonly persistence: Persistence
}

/** Text → EBCDIC bytes of the listener's region. */
export type EncodeText = (text: string) => Uint8Array

const COMMA_EBCDIC = 0x6b
const COMMA_ASCII = 0x2c
const BLANK = 0x40

const isComma = (byte: number): boolean => byte === COMMA_EBCDIC || byte === COMMA_ASCII

/**
 * The COMMAREA length to declare for `needed` bytes: the next one without a byte that the standard listener takes for a
 * comma (44, 107, 300, 11 264–11 519 …). Throws COMMAREA_TOO_LONG above 32 763.
 */
export function commareaLength(needed: number): number {
  let length = needed
  if (isComma(length >> 8)) length = ((length >> 8) + 1) << 8
  if (isComma(length & 0xff)) length += 1
  if (length > COMMAREA_MAX) throw failure('COMMAREA_TOO_LONG', { needed, most: COMMAREA_MAX })
  return length
}

/** The bytes of a COMMAREA of `length`: the payload, then X'00' as in a COMMAREA that CICS cleared. */
export function padCommarea(payload: Uint8Array, length: number): Uint8Array {
  const commarea = new Uint8Array(length)
  commarea.set(payload)
  return commarea
}

/** 35 bytes. Throws CICS_NAME_INVALID for a value that is too long or holds a comma. */
export function clientInData(values: ClientInData, encode: EncodeText): Uint8Array {
  const bytes = new Uint8Array(CLIENT_IN_DATA_LENGTH)
  const view = new DataView(bytes.buffer)
  bytes.set(name('user', values.user, 8, encode), 0)
  bytes.set(name('password', values.password, 8, encode), 8)
  bytes.set(name('program', values.program, 8, encode), 16)
  view.setUint16(24, values.commareaLength)
  if (values.persistence === 'single') return bytes
  view.setUint32(26, values.commareaLength)
  bytes[30] = 0x01
  bytes[32] = values.persistence === 'first' ? 0x02 : 0x04
  return bytes
}

/** 40 bytes: what the listener reads first. */
export function trmRequest(tranid: string, data: Uint8Array, encode: EncodeText): Uint8Array {
  const bytes = new Uint8Array(TRM_LENGTH)
  bytes.set(name('transaction id', tranid, 4, encode), 0)
  bytes[4] = COMMA_EBCDIC
  bytes.set(data, 5)
  return bytes
}

/** A blank-padded name; the message never repeats it, for it may be a password. */
function name(what: string, value: string, size: number, encode: EncodeText): Uint8Array {
  const bytes = new Uint8Array(size).fill(BLANK)
  const text = encoded(what, value, encode)
  if (text.length > size) throw failure('CICS_NAME_INVALID', { what, problem: `is longer than ${size} bytes` })
  if (text.some(isComma)) throw failure('CICS_NAME_INVALID', { what, problem: 'holds a comma' })
  bytes.set(text)
  return bytes
}

function encoded(what: string, value: string, encode: EncodeText): Uint8Array {
  try {
    return encode(value)
  } catch {
    throw failure('CICS_NAME_INVALID', { what, problem: 'has a character outside the code page' })
  }
}

/** A TRM reply: its fields in their order. */
export interface TrmReply {
  readonly fields: readonly TrmField[]
  /** Bytes that the reply took, its own length field included. */
  readonly size: number
}

/**
 * Reads a TRM reply at the front of what has arrived; undefined while bytes are missing. Throws TRM_REPLY_MALFORMED as
 * soon as what has arrived cannot become one, so that a wrong length is never waited for.
 */
export function readTrmReply(bytes: Uint8Array): TrmReply | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4) return undefined
  const length = view.getUint32(0)
  if (length > TRM_REPLY_MAX) throw failure('TRM_REPLY_MALFORMED', { offset: 0, problem: `its length is ${length}` })
  const end = 4 + length
  const fields: TrmField[] = []
  let at = 4
  while (at < end) {
    if (at + 5 > end) throw failure('TRM_REPLY_MALFORMED', { offset: at, problem: 'a field is cut off by its length' })
    if (bytes.length < at + 5) return undefined
    const size = view.getUint32(at)
    if (size < 1 || at + 4 + size > end) {
      throw failure('TRM_REPLY_MALFORMED', { offset: at, problem: `a field's length is ${size}` })
    }
    const code = view.getUint8(at + 4)
    if (!isTrmCode(code)) throw failure('TRM_REPLY_MALFORMED', { offset: at + 4, problem: `a field's code is ${code}` })
    if (bytes.length < at + 4 + size) return undefined
    fields.push({ code, data: bytes.slice(at + 5, at + 4 + size) })
    at += 4 + size
  }
  return { fields, size: end }
}

function isTrmCode(code: number): code is TrmCode {
  return code in trmCodes
}

/** The code that decides: an error before "execution OK"; undefined when all is mere information (version, user data). */
export function decisiveCode(reply: TrmReply): TrmCode | undefined {
  const codes = reply.fields.map(({ code }) => code).filter((code) => code > 2)
  return codes.find((code) => code !== 7) ?? codes[0]
}
