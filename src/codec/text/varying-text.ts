// Text with its length before it: the pairs of level 49 that DCLGEN makes of VARCHAR columns. As many characters as the length says are the value,
// blanks at its end included.
//
//   49 NOTE-LEN  PIC S9(4) COMP.     00 02        "AB"
//   49 NOTE-TEXT PIC X(4).           C1 C2 40 40

import { type Finding, type Kind, type Refused, refused } from '../kind/kind.ts'
import { padding, type Script, writtenAgain } from './wide-text.ts'

/** A pair whose first item counts the characters of the second, which has room for `characters`. */
export function varyingText(count: Kind, characters: number, script: Script): Kind {
  const unit = script.pad.length
  const length = count.length + characters * unit
  const countAt = (source: Uint8Array, at: number): number => {
    const text = count.read(source, at, { residue: false })
    const number = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : -1
    return number <= characters ? number : -1
  }
  const write = (value: string, out: Uint8Array, at: number): Refused => {
    const bytes = script.encode(value)
    if (!bytes) return refused.notInCodePage
    const room = characters * unit - bytes.length
    if (room < 0) return refused.tooLong
    const from = at + count.length
    out.set(bytes, from)
    padding(out, from + bytes.length, room, script.pad)
    return count.write(String(bytes.length / unit), out, at)
  }
  const read: Kind['read'] = (source, at, trace) => {
    const number = countAt(source, at)
    const from = at + count.length
    const value = number < 0 ? undefined : script.decode(source, from, from + number * unit)
    return value === undefined ? undefined : writtenAgain({ length, write }, value, source, at, trace)
  }
  const initial = new Uint8Array(length)
  write('', initial, 0)
  return {
    length,
    shape: { type: 'text', maximum: characters },
    maximumText: script.expansion * length + 6,
    plain: false,
    read,
    write,
    initial,
    explain: (source, at): Finding =>
      countAt(source, at) < 0
        ? { index: 0, expected: `a length of 0 to ${characters}`, found: 'another' }
        : { index: count.length, expected: script.expected, found: 'other bytes' },
  }
}
