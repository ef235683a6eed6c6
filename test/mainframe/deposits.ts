// The COMMAREAs of the bank's programs, by hand from copybooks/deposits, and calls with them.

import { hostText, packed, packedOf, textOf, zonedOf } from './host.ts'
import { type Answer, callOnce } from './trm-client.ts'

export const inqacc = (account: string): Buffer => Buffer.concat([hostText(account, 10), Buffer.alloc(85)])

export interface Post {
  readonly reference: string
  readonly account: string
  readonly direction?: string
  readonly amount: string
  readonly currency?: string
  readonly text?: string
}

export const postent = ({ reference, account, direction = 'C', amount, currency = 'EUR', text = '' }: Post): Buffer =>
  Buffer.concat([
    hostText(reference, 16),
    hostText(account, 10),
    hostText(direction, 1),
    packed(amount, 13, 2),
    hostText(currency, 3),
    hostText(text, 30),
    Buffer.alloc(14),
  ])

export const fndent = (reference: string): Buffer => Buffer.concat([hostText(reference, 16), Buffer.alloc(51)])

export const revent = (reference: string, original: string): Buffer =>
  Buffer.concat([hostText(reference, 16), hostText(original, 16), Buffer.alloc(14)])

export function lstent(account: string, before = 0): Buffer {
  const area = Buffer.alloc(4318)
  hostText(account, 10).copy(area)
  area.writeUInt32BE(before, 10)
  return area
}

/** The COMMAREA of a call that must not fail. */
export function commareaOf(answer: Answer): Buffer {
  if (answer.kind !== 'commarea') throw new Error(`no COMMAREA: ${JSON.stringify(answer)}`)
  return answer.bytes
}

export async function balanceOf(port: number, account: string): Promise<string> {
  return packedOf(commareaOf(await callOnce(port, 'INQACC', inqacc(account))).subarray(62, 70), 2)
}

export interface Posted {
  readonly status: string
  readonly entry: number
  readonly balance: string
}

export const posted = (area: Buffer): Posted => ({
  status: textOf(area.subarray(67, 69)),
  entry: area.readUInt32BE(69),
  balance: packedOf(area.subarray(73, 81), 2),
})

export const post = async (port: number, order: Post): Promise<Posted> =>
  posted(commareaOf(await callOnce(port, 'POSTENT', postent(order))))

export async function reverse(port: number, reference: string, original: string): Promise<Posted> {
  const area = commareaOf(await callOnce(port, 'REVENT', revent(reference, original)))
  return {
    status: textOf(area.subarray(32, 34)),
    entry: area.readUInt32BE(34),
    balance: packedOf(area.subarray(38, 46), 2),
  }
}

export async function find(port: number, reference: string) {
  const area = commareaOf(await callOnce(port, 'FNDENT', fndent(reference)))
  return {
    status: textOf(area.subarray(16, 18)),
    matches: area.readUInt16BE(18),
    entry: area.readUInt32BE(20),
    account: textOf(area.subarray(24, 34)),
    direction: textOf(area.subarray(34, 35)),
    amount: packedOf(area.subarray(35, 42), 2),
    balance: packedOf(area.subarray(42, 50), 2),
    reversed: textOf(area.subarray(50, 51)),
    reverses: textOf(area.subarray(51, 67)).trim(),
  }
}

/** Entries as { entry, amount, balance, kind, detail }; `detail` of a reversal ends with the number of the reversed entry. */
export async function list(port: number, account: string, before = 0) {
  const area = commareaOf(await callOnce(port, 'LSTENT', lstent(account, before)))
  const entries = Array.from({ length: area.readUInt16BE(16) }, (_, at) => {
    const entry = area.subarray(18 + at * 86, 18 + (at + 1) * 86)
    const kind = textOf(entry.subarray(39, 40))
    const names = [textOf(entry.subarray(40, 56)).trim(), textOf(entry.subarray(56, kind === 'R' ? 72 : 86)).trim()]
    return {
      entry: entry.readUInt32BE(0),
      bookedOn: textOf(entry.subarray(4, 12)),
      bookedAt: textOf(entry.subarray(12, 18)),
      amount: zonedOf(entry.subarray(18, 31), 2),
      balance: packedOf(entry.subarray(31, 39), 2),
      kind,
      detail: kind === 'R' ? [...names, entry.readUInt32BE(72)] : names,
    }
  })
  return { status: textOf(area.subarray(14, 16)), entries }
}
