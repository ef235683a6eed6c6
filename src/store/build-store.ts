// The builds in PostgreSQL: what a worker ran its flows with. Sealed, so that who can write to the database cannot bring code in.

import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Build, BuildStore, Cipher } from '../contract/store.ts'
import type { Database } from './database.ts'

const keep = {
  name: 'keep-build',
  text: 'insert into mainspan.builds (id, content) values ($1, $2) on conflict (id) do nothing',
}
const find = { name: 'find-build', text: 'select content from mainspan.builds where id = $1' }

/** The builds in PostgreSQL, compressed and encrypted. Throws STORE_UNAVAILABLE, and what `Cipher.open` throws. */
export function buildStore(database: Database, cipher: Cipher): BuildStore {
  const place = (id: string) => `build/${id}`
  return {
    async keepBuild(build) {
      const content = await promisify(gzip)(JSON.stringify(build))
      await database.query(keep, [build.id, cipher.seal(content, place(build.id))])
    },
    async build(id) {
      const [row] = await database.query<{ content: Uint8Array }>(find, [id])
      if (!row) return undefined
      const content = await promisify(gunzip)(cipher.open(row.content, place(id)))
      const build: Build = JSON.parse(content.toString('utf8'))
      return build
    },
  }
}
