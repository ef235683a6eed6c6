// DPoP proofs that were used, in a table that is not logged: fast, and empty after a crash or on a standby that has taken over.
//
// One row marks since when the table remembers. Where it is gone, so is what was remembered, and proofs of before are not taken; those of a clock
// that is as far ahead as is allowed (10 s, FAPI 2.0) neither.

import type { ProofLife, ProofStore } from '../contract/store.ts'
import { batches } from './batch.ts'
import type { Database } from './database.ts'

interface UsedProof extends ProofLife {
  readonly id: Uint8Array
}

const noteProofs = {
  name: 'proofs',
  text: `with marked as (
           insert into mainspan.proofs (id, until) values ('', clock_timestamp() + interval '10 seconds') on conflict (id) do nothing returning until
         ), since as (
           select until from marked union all select until from mainspan.proofs where id = ''
         )
         insert into mainspan.proofs (id, until)
           select id, until from unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[]) as used (id, made_at, until)
           where made_at >= (select max(until) from since)
           on conflict (id) do nothing returning encode(id, 'base64') as id`,
}
const forgetProofs = {
  name: 'forget-proofs',
  text: "delete from mainspan.proofs where until < clock_timestamp() and id <> ''",
}
const forgetEveryMs = 60_000

/** Throws STORE_UNAVAILABLE. */
export function proofStore(database: Pick<Database, 'query'>): ProofStore {
  let forgottenAt = performance.now()

  async function note(used: readonly UsedProof[]): Promise<boolean[]> {
    const times = (time: keyof ProofLife) => used.map((one) => new Date(one[time]).toISOString())
    const ids = used.map(({ id }) => Buffer.from(id))
    const rows = await database.query<{ id: string }>(noteProofs, [ids, times('madeAt'), times('until')])
    if (performance.now() - forgottenAt > forgetEveryMs) {
      forgottenAt = performance.now()
      await database.query(forgetProofs)
    }
    // Of two of the same batch, one is the first.
    const first = new Set(rows.map(({ id }) => id))
    return ids.map((id) => first.delete(id.toString('base64')))
  }

  const notes = batches<UsedProof, boolean>({ atOnce: 2, write: note })
  return { isFirst: (id, life) => notes.add({ id, ...life }) }
}
