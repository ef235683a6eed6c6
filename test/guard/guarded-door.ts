// A door that lets in whom an issuer of the test vouches for, and the client that the tests call it with.

import { afterAll, beforeAll } from '@jest/globals'
import { guarding } from '../../src/guard/guard.ts'
import type { GuardSettings } from '../../src/guard/settings.ts'
import { doorForEachTest, type OpenDoor } from '../api/open-door.ts'
import { type DpopClient, dpopClient } from './dpop-client.ts'
import { audience, type IssuerForTests, issuerForTests } from './issuer.ts'
import { proofsInMemory } from './proofs-in-memory.ts'

export interface GuardedDoor {
  readonly door: OpenDoor
  readonly issuer: IssuerForTests
  readonly channel: DpopClient
}

/** To be called once at the top of a test file. */
export function guardedDoor(more: () => Partial<GuardSettings> = () => ({})): GuardedDoor {
  let parts: Omit<GuardedDoor, 'door'> | undefined
  const known = () => {
    if (!parts) throw new Error('the issuer has not begun yet')
    return parts
  }
  beforeAll(async () => {
    parts = { issuer: await issuerForTests(), channel: await dpopClient() }
  })
  afterAll(() => known().issuer.close())
  const door = doorForEachTest(() => {
    const { issuer } = known().issuer
    const issuers = [{ name: 'bank', issuer, audiences: [audience] }] as const
    return {
      identify: guarding({ issuers, secret: Buffer.alloc(32, 1), ...more() }, proofsInMemory()),
      issuers: [issuer],
    }
  })
  return {
    door,
    get issuer() {
      return known().issuer
    },
    get channel() {
      return known().channel
    },
  }
}
