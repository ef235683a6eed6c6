// /health/live: the process answers. /health/ready: it should get requests.

import type { FastifyInstance } from 'fastify'
import { failure } from '../error/failure.ts'
import { sendJson } from './rest/exchange.ts'

/** Names of the parts that are not there yet or not any more; empty when ready. */
export type Missing = () => Promise<readonly string[]>

/** Serves `/health/live` (always 200) and `/health/ready` (503 DOOR_NOT_READY while `missing` names parts). */
export function addHealth(app: FastifyInstance, missing: Missing = async () => []): void {
  app.get('/health/live', async (_request, reply) => sendJson(reply, 200, { status: 'live' }))
  app.get('/health/ready', async (_request, reply) => {
    const names = await missing()
    if (names.length > 0) throw failure('DOOR_NOT_READY', { missing: names.join(', ') })
    return sendJson(reply, 200, { status: 'ready' })
  })
}
