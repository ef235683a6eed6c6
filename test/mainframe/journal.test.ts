// What survives: state over a restart, and a journal that agrees with the accounts after any kill.

import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mainframe } from '../support/parts.ts'
import { Box, type Effect } from './box.ts'
import { balanceOf, find, list, post, reverse } from './deposits.ts'

let bank: Box
beforeEach(async () => {
  bank = new Box(`${(await mainframe()).programs}/bank`)
  await bank.start()
})
afterEach(() => bank.remove())

const logOf = (): string => join(bank.state, 'log')

async function expectAgreement(effects: readonly Effect[]): Promise<void> {
  expect(effects.map((effect) => effect.sequence)).toEqual(effects.map((_, at) => at + 1))
  const last = new Map(effects.map((effect) => [effect.account, effect.balance]))
  for (const [account, balance] of last) expect(await balanceOf(bank.port, account)).toBe(balance)
  for (const effect of effects.slice(-5)) {
    expect(await find(bank.port, effect.reference)).toMatchObject({ matches: 1, balance: effect.balance })
  }
}

describe('a restart', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('after %s keeps accounts, entries and numbers', async (how) => {
    const first = await post(bank.port, { reference: 'A', account: '1000000002', amount: '1.00' })
    await post(bank.port, { reference: 'B', account: '1000000002', direction: 'D', amount: '0.25', text: 'keep' })
    await reverse(bank.port, 'C', 'A')
    const before = await list(bank.port, '1000000002')
    await bank.restart(how)
    expect(await list(bank.port, '1000000002')).toEqual(before)
    expect(await find(bank.port, 'A')).toMatchObject({ matches: 1, reversed: 'Y', entry: first.entry })
    const next = await post(bank.port, { reference: 'D', account: '1000000002', amount: '1.00' })
    expect(next.entry).toBe(first.entry + 3)
    await expectAgreement(bank.effects())
  })

  test('ten kills in the middle of 40 senders: every answered post is there once, nothing contradicts', async () => {
    const answered = new Set<string>()
    let sent = 0
    for (let round = 0; round < 10; round++) {
      let killed = false
      const senders = Array.from({ length: 40 }, async () => {
        while (!killed) {
          const reference = `K${sent++}`
          const account = sent % 2 ? '1000000001' : '1000000002'
          const result = await post(bank.port, { reference, account, amount: '0.01' }).catch(() => undefined)
          if (result?.status === 'OK') answered.add(reference)
        }
      })
      const enough = answered.size + 30
      while (answered.size < enough) await new Promise(setImmediate)
      await bank.end('SIGKILL')
      killed = true
      await Promise.all(senders)
      await bank.start()
      const effects = bank.effects()
      await expectAgreement(effects)
      const references = effects.map((effect) => effect.reference)
      expect(new Set(references).size).toBe(references.length)
      expect([...answered].filter((reference) => !references.includes(reference))).toEqual([])
    }
  })

  test('a reset makes the bank new and goes on in the journal', async () => {
    await post(bank.port, { reference: 'A', account: '1000000002', amount: '1.00' })
    expect(await bank.ask({ command: 'reset' })).toEqual({ ok: true })
    expect(await balanceOf(bank.port, '1000000002')).toBe('3200.50')
    await bank.restart('SIGKILL')
    expect(await balanceOf(bank.port, '1000000002')).toBe('3200.50')
    expect(await find(bank.port, 'A')).toMatchObject({ status: 'NF' })
    await post(bank.port, { reference: 'B', account: '1000000002', amount: '1.00' })
    expect(bank.effects().map((effect) => [effect.sequence, effect.reference, effect.balance])).toEqual([
      [1, 'A', '3201.50'],
      [2, 'B', '3201.50'],
    ])
    expect(await bank.ask({ command: 'journal' })).toEqual({
      ok: true,
      sequence: 2,
      bytes: readFileSync(bank.journal).length,
    })
  })
})

describe('a crash', () => {
  beforeEach(async () => {
    for (const reference of ['A', 'B', 'C']) await post(bank.port, { reference, account: '1000000002', amount: '1.00' })
    await bank.end('SIGKILL')
  })

  test.each<[string, (journal: string) => number]>([
    ['between the log and the journal', (journal) => journal.lastIndexOf('{')],
    ['in the middle of a journal line', (journal) => journal.length - 20],
    ['before any journal line', () => 0],
  ])('%s is mended at the next start', async (_, cut) => {
    const journal = readFileSync(bank.journal, 'utf8')
    truncateSync(bank.journal, cut(journal))
    await bank.start()
    expect(readFileSync(bank.journal, 'utf8')).toBe(journal)
    await expectAgreement(bank.effects())
  })

  test('in the middle of a write to the log leaves the change before it', async () => {
    appendFileSync(logOf(), readFileSync(logOf()).subarray(0, 100))
    await bank.start()
    expect(await balanceOf(bank.port, '1000000002')).toBe('3203.50')
    await post(bank.port, { reference: 'D', account: '1000000002', amount: '1.00' })
    await bank.restart('SIGKILL')
    expect(await balanceOf(bank.port, '1000000002')).toBe('3204.50')
  })

  test('that spoils the indexed files is mended from the log', async () => {
    writeFileSync(join(bank.state, 'files', 'ACCOUNTS'), 'spoiled')
    rmSync(join(bank.state, 'files', 'ENTRIES.1'))
    await bank.start()
    await expectAgreement(bank.effects())
  })

  test('does not let two banks share a state or a journal', async () => {
    await bank.start()
    const other = new Box(`${(await mainframe()).programs}/bank`)
    try {
      other.journal = bank.journal
      await expect(other.start()).rejects.toThrow('ended with 70')
    } finally {
      await other.remove()
    }
  })
})
