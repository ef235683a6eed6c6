// What the operation store adds to one operation: noted, started and ended, as a gateway does it.

import { randomUUID } from 'node:crypto'
import { rowCipher } from '../src/durable/payload/row-cipher.ts'
import { openStore } from '../src/store/store.ts'
import { cpuSeconds } from './cpu.ts'
import { inLanes } from './lanes.ts'

export interface StoreCost {
  readonly concurrency: number
  /** How long each note took, in ms: what a caller waits for. */
  readonly noted: readonly number[]
  readonly perSecond: number
  /** CPU of this process, in ms an operation. */
  readonly ms: number
}

/** As big as a transfer. */
const start = {
  workflowType: 'transferFunds',
  summary: 'Move money between two accounts, by REST',
  start: {
    ...{ contract: 2, requestedAt: new Date().toISOString(), operation: 'transferFunds', version: 1 },
    ...{ client: 'bench', door: 'rest' },
    input: { from: '2000000001', to: '2000000002', amount: '0.01', currency: 'EUR', text: 'bench' },
  },
}
const result = {
  state: 'completed',
  output: { debit: { entryNumber: '1', balance: '1.00' }, credit: { entryNumber: '2', balance: '1.00' } },
}

export async function storeCost(url: string, count: number, concurrency: number): Promise<StoreCost> {
  const store = openStore({ url, cipher: rowCipher([{ id: 'bench', key: new Uint8Array(32).fill(1) }]) })
  const written: Promise<void>[] = []
  const one = async () => {
    const id = `transferFunds-v1-${randomUUID()}`
    const since = performance.now()
    await store.note({
      ...{ id, operation: 'transferFunds', version: 1, start },
      fingerprint: { salt: '0'.repeat(32), digest: '0'.repeat(64) },
    })
    const noted = performance.now() - since
    written.push(store.started(id), store.ended(id, result, new Date().toISOString()))
    return noted
  }
  await inLanes(Math.min(count, 500), concurrency, one)
  await Promise.all(written)
  const before = cpuSeconds(process.pid)
  const { results, seconds } = await inLanes(count, concurrency, one)
  await Promise.all(written)
  const ms = ((cpuSeconds(process.pid) - before) * 1000) / count
  await store.close()
  return { concurrency, noted: results, perSecond: count / seconds, ms }
}
