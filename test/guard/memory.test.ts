// What the guard remembers, and for how long: tokens and their issuer's keys, ids of proofs.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ProofLife } from '../../src/contract/store.ts'
import { AccessTokens } from '../../src/guard/access-token.ts'
import { DpopProofs } from '../../src/guard/dpop-proof.ts'
import { Issuer } from '../../src/guard/issuer.ts'
import { dpopClient } from './dpop-client.ts'
import { audience, type IssuerForTests, issuerForTests, signingKey } from './issuer.ts'

let bank: IssuerForTests
beforeAll(async () => {
  bank = await issuerForTests()
})
afterAll(() => bank.close())

describe('a token that was checked', () => {
  test('is not taken for long after its key was withdrawn, however late it expires', async () => {
    let passed = 0
    const settings = { name: 'bank', issuer: bank.issuer, audiences: [audience] }
    const began = Date.now()
    const tokens = new AccessTokens([new Issuer(settings, undefined, () => passed)], () => began + passed)
    const { cnf } = await dpopClient()
    const token = await bank.token({ cnf, exp: 2e10 })
    expect(await tokens.check(token)).toMatchObject({ client: 'channel' })
    passed = 299_000
    bank.keys = [await signingKey('PS256')]
    bank.asked.length = 0
    expect(await tokens.check(token)).toMatchObject({ client: 'channel' })
    expect(bank.asked).toEqual([])
    passed = 301_000
    await expect(tokens.check(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
  })
})

describe('the id of a proof', () => {
  test('is remembered for longer than the proof is taken, by clocks that differ', async () => {
    const lives: ProofLife[] = []
    const seen = {
      async isFirst(_id: Uint8Array, life: ProofLife) {
        lives.push(life)
        return true
      },
    }
    const client = await dpopClient()
    const request = { method: 'GET', url: 'https://api.bank.example/v1', token: 'abc' }
    const made = Math.floor(Date.now() / 1000)
    const proof = await client.proof(request, { iat: made })
    const at = async (second: number) => {
      const proofs = new DpopProofs(seen, undefined, () => (made + second) * 1000)
      await proofs.check(proof, { ...request, key: client.cnf.jkt })
    }
    await at(60)
    await expect(at(61)).rejects.toMatchObject({ code: 'PROOF_INVALID' })
    expect(lives).toHaveLength(1)
    expect(lives[0]?.until).toBeGreaterThanOrEqual((made + 60 + 30) * 1000)
  })
})
