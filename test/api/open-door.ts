// A door over the stand-in for each test, on a free port, with a client and the lines of its log.

import { afterEach, beforeEach } from '@jest/globals'
import { pino } from 'pino'
import type { TlsMaterial } from '../../src/api/connection/tls.ts'
import { type RestApi, type RestApiParts, restApi } from '../../src/api/rest.ts'
import type { RestSettings } from '../../src/api/settings.ts'
import { type Audit, type AuditRecord, noAudit } from '../../src/operation/audit.ts'
import { overRest } from '../support/principals.ts'
import { type Answer, type Ask, type Client, clientFor } from './ask.ts'
import {
  goodTransfer,
  type StandInCaller,
  type StandInOperations,
  standInCaller,
  standInCatalog,
  standInOperations,
} from './stand-in.ts'

export interface OpenDoor {
  operations: StandInOperations
  caller: StandInCaller
  /** What the audit was given since the test began. */
  records: AuditRecord[]
  /** Keeps `records`; a test may put another one in its place before it opens the door again. */
  audit: Audit
  /** The log since the test began. */
  lines: string[]
  url: string
  ask(what: Ask | string): Promise<Answer>
  /** Opens a door with other settings in place of the one that each test begins with. */
  reopen(settings: Partial<RestSettings>, missing?: () => Promise<readonly string[]>): Promise<void>
  /** Takes new certificates. */
  renew(tls: TlsMaterial): void
  /** Stops the server; the client stays. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** To be called once at the top of a test file: a fresh door before each test, closed after it. `guard` says who calls. */
export function doorForEachTest(
  guard: () => Pick<RestApiParts, 'identify' | 'issuers'> = () => ({ identify: overRest }),
): OpenDoor {
  let door: RestApi | undefined
  let client: Client | undefined
  const self: OpenDoor = {
    operations: standInOperations(),
    caller: standInCaller(),
    records: [],
    audit: noAudit,
    lines: [],
    url: '',
    ask: (what) => (client === undefined ? Promise.reject(new Error('the door is closed')) : client.ask(what)),
    async reopen(settings, missing = async () => []) {
      await self.close()
      const log = pino({ base: null }, { write: (line: string) => self.lines.push(line) })
      const { operations, caller, audit } = self
      const quick = { port: 0, ...settings }
      const behind = { operations, caller, audit, ...guard() }
      door = restApi({ catalog: standInCatalog, ...behind, settings: quick, log, missing })
      self.url = await door.listen()
      client = clientFor(self.url)
    },
    renew: (tls) => door?.renew(tls),
    stop: async () => door?.close(),
    async close() {
      client?.close()
      await door?.close()
    },
  }
  beforeEach(async () => {
    self.operations = standInOperations()
    self.caller = standInCaller()
    self.lines = []
    self.records = []
    self.audit = {
      keep: async (record) => void self.records.push(record),
      note: (record) => void self.records.push(record),
    }
    await self.reopen({})
  })
  afterEach(() => self.close())
  return self
}

/** A transfer under a key. */
export function transfer(key: string, headers: Record<string, string> = {}, payload: object = goodTransfer): Ask {
  return { method: 'POST', url: '/v1/transfers', headers: { 'idempotency-key': key, ...headers }, payload }
}

export const account = '/v1/accounts/0000000001'
