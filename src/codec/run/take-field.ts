// One field from JSON bytes: how write-json.ts reads it. The JSON lies in `run.out`, with zeros behind it.

import { byteAt } from '../../codepage/element.ts'
import { refused } from '../kind/kind.ts'
import type { FieldMember } from '../plan/plan.ts'
import { QUOTE } from './json-value.ts'
import type { Run } from './run.ts'

/** Reads members from `from` on and writes them into a scope whose origin is `at`; gives the position behind them, or -1. */
export type Take = (run: Run, at: number, from: number) => number

const BACKSLASH = 0x5c

/** Whether `bytes` stand at `at`. */
export function isAt(bytes: Uint8Array, { out }: Run, at: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (out[at + i] !== bytes[i]) return false
  return true
}

/** A field behind the bytes of its key. */
export function takeField(member: FieldMember, key: Uint8Array): Take {
  const value = takeValue(member)
  return (run, at, from) => {
    const start = from + key.length
    return isAt(key, run, from) && run.out[start] === QUOTE ? value(run, at + member.offset, start + 1) : -1
  }
}

/** A string from its first character on; gives the position behind its closing quote. */
export function takeValue({ store }: FieldMember): Take {
  const { writeJson } = store
  return (run, at, from) => {
    const end = writeJson ? writeJson(run.out, from, run.source, at) : -1
    return (end < 0 ? takeSlowly(store, run, at, from) : end) + 1 || -1
  }
}

/** The same by way of a string; -1 for what is not valid. */
export function takeSlowly(store: FieldMember['store'], run: Run, at: number, from: number): number {
  const { out } = run
  let end = from
  let plain = true
  for (let byte = byteAt(out, end); byte !== QUOTE; byte = byteAt(out, ++end)) {
    if (byte < 0x20) return -1
    if (byte >= 0x80) plain = false
    else if (byte === BACKSLASH) {
      plain = false
      end++
    }
  }
  const value = plain ? latin(out, from, end) : unescaped(out, from, end)
  return value !== undefined && store.write(value, run.source, at) === refused.none ? end : -1
}

/** The Latin-1 text of the bytes from `from` to `to`. */
export function latin(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}

/** A replacement character may stand for bytes that are not UTF-8. */
function unescaped(bytes: Uint8Array, from: number, to: number): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
  if (text.includes('\ufffd')) return undefined
  try {
    return JSON.parse(`"${text}"`)
  } catch {
    return undefined
  }
}
