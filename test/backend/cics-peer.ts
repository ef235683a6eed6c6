// A CICS region as tests script it, the back end that calls it, and results as one line each.

import type { TlsOptions } from 'node:tls'
import { type CicsSocketSettings, cicsSocketBackend } from '../../src/backend/cics-socket.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import type { Backend, Exchange, ExchangeResult } from '../../src/contract/backend.ts'
import { type Peer, read, type Script, script, scriptedPeer, write } from './scripted-peer.ts'

export const page = codePage('cp037')
export const goOn = '00000005 00000001 07'
export const abend = `00000009 00000005 08 ${Buffer.from(page.encode('ASRA')).toString('hex')}`
export const request = page.encode('HELLO, CICS. 0123456789!')
export const reply = page.encode('GOODBYE, CICS. 987654321')
export const version = '00000009 00000005 01 F1F2F3F4'
export const versioned = '0000000E 00000005 01 F1F2F3F4 00000001 07'
export const code = (hex: string) => `00000005 00000001 ${hex}`

const open: { close(): Promise<void> }[] = []

/** Ends all that a test has opened; for afterEach. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((one) => one.close()))
}

export async function peer(play: Script, ...more: readonly [(TlsOptions | undefined)?, number?]): Promise<Peer> {
  const one = await scriptedPeer(play, ...more)
  open.push(one)
  return one
}

export function backend(settings: CicsSocketSettings, persistent = false): Backend {
  const one = cicsSocketBackend({ kind: 'cics-socket', endpoints: 'CORE', persistent }, { name: 'core', ...settings })
  open.push(one)
  return one
}

export const call = (changes: Partial<Exchange> = {}): Exchange => ({
  target: 'PROG',
  payload: request,
  maxReplyBytes: request.length,
  deadlineMs: 5000,
  correlation: 'R1',
  ...changes,
})

/** A result in one line: what a reader of the table compares. */
export function line(result: ExchangeResult): string {
  switch (result.kind) {
    case 'reply':
      return `reply ${page.decode(result.bytes)}`
    case 'abended':
      return `abended ${result.abendCode}`
    case 'not-sent':
      return `not-sent ${result.cause.code}`
    case 'unknown':
      return `unknown ${result.why} ${result.cause.code}`
  }
}

export const trm = read(40)
/** The first exchange done, the COMMAREA read. */
export const executed = script(trm, write(goOn), read(request.length))
export const half = reply.subarray(0, 9)
export const hexBytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

/** Serves calls on one connection as the bank does, echoing the COMMAREA, `many` times. */
export const serve =
  (many: number): Script =>
  async (on) => {
    for (let done = 0; done < many; done += 1) {
      const trm = await on.read(40)
      if (trm.length < 40) return
      on.write(goOn)
      on.write(await on.read(trm.readUInt16BE(29)))
    }
    on.end()
  }
