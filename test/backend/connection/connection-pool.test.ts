// A pool that is closed leaves no connection behind, whenever it was opened.

import { Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { ConnectionPool } from '../../../src/backend/connection/connection-pool.ts'
import type { Connection } from '../../../src/backend/connection/endpoints.ts'

/** A pool whose connections open when the test says so. */
function poolOpening(opened: Promise<void>) {
  const socket = new Socket()
  const connection: Connection = { socket, reset: () => socket.destroy(), inDoubt: () => undefined }
  const connect = () => opened.then(() => connection)
  const pool = new ConnectionPool({ connect }, { name: 'core', most: 1, queueLength: 1, queueMs: 1000, idleMs: 1000 })
  return { pool, socket }
}

test.each<[string, 'before' | 'while' | 'after']>([
  ['before it is asked for', 'before'],
  ['while it opens', 'while'],
  ['when it is open', 'after'],
])('a pool that is closed %s ends the connection', async (_, moment) => {
  let open: () => void = () => undefined
  const { pool, socket } = poolOpening(
    new Promise((resolve) => {
      open = resolve
    }),
  )
  if (moment === 'before') pool.close()
  const asked = pool.acquire('PROGRAM')
  if (moment === 'while') pool.close()
  open()
  const lease = await asked
  if (moment === 'after') {
    expect(socket.destroyed).toBe(false)
    pool.close()
  }
  expect(lease.socket).toBe(socket)
  expect(socket.destroyed).toBe(true)
  lease.finish()
})
