// A store of proofs for tests of one process.

import type { ProofStore } from '../../src/contract/store.ts'

export function proofsInMemory(): ProofStore {
  const used = new Set<string>()
  return {
    async isFirst(id) {
      const known = Buffer.from(id).toString('base64')
      if (used.has(known)) return false
      used.add(known)
      return true
    },
  }
}
