// The address that a proof is held against, and the words of a refusal: neither is made by what a caller writes in Host or the target.

import { describe, expect, test } from '@jest/globals'
import { bodyOf, dialTo, rest } from '../api/bare-socket.ts'
import { account } from '../api/open-door.ts'
import { guardedDoor } from './guarded-door.ts'

const guarded = guardedDoor()
const { door } = guarded
const other = '/v1/accounts/0000000002'
const host = () => new URL(door.url).host

/** With a good proof for the account, where the request shows one. */
async function answerTo(line: string, named: string | undefined, isProven: boolean): Promise<string> {
  const token = await guarded.issuer.token({ cnf: guarded.channel.cnf })
  const proof = await guarded.channel.proof({ method: 'GET', url: `${door.url}${account}`, token })
  const shown = isProven ? [`Authorization: DPoP ${token}`, `DPoP: ${proof}`] : []
  const socket = await dialTo(door.url)
  const answer = rest(socket)
  socket.write(
    [line, ...(named === undefined ? [] : [`Host: ${named}`]), ...shown, 'Connection: close', '', ''].join('\r\n'),
  )
  return await answer
}

describe('a Host that is none', () => {
  test.each<[string, () => string]>([
    ['with the path of another proof', () => `${host()}${account}?`],
    ['with a path and a fragment', () => `${host()}${account}#`],
    ['with a path', () => `${host()}/x`],
    ['with a user', () => `user@${host()}`],
    ['with a quotation mark', () => 'a"b'],
    ['with a space', () => 'a b'],
    ['of an open bracket', () => '['],
    ['of two', () => 'a.example, b.example'],
    ['with a port that is none', () => 'localhost:99999'],
    ['that is empty', () => ''],
  ])('%s is refused, with a proof and without', async (_, named) => {
    for (const version of ['1.0', '1.1']) {
      for (const isProven of [true, false]) {
        const answer = await answerTo(`GET ${other} HTTP/${version}`, named(), isProven)
        expect(answer).toMatch(/^HTTP\/1\.1 400 /)
        expect(bodyOf(answer)).toMatchObject({ code: 'REQUEST_MALFORMED' })
      }
    }
    expect(door.caller.calls).toEqual([])
  })
})

describe('a caller by HTTP/1.0 that names no host', () => {
  test.each<[string, boolean, string]>([
    ['without a token', false, 'TOKEN_MISSING'],
    ['with a proof, which is for some host', true, 'PROOF_INVALID'],
  ])('%s', async (_, isProven, code) => {
    const answer = await answerTo(`GET ${account} HTTP/1.0`, undefined, isProven)
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
    expect(bodyOf(answer)).toMatchObject({ code })
  })
})

describe('a target in absolute form', () => {
  test.each<[string, string, number]>([
    ['for the path of the proof', account, 200],
    ['for another', other, 401],
  ])('%s', async (_, path, status) => {
    const answer = await answerTo(`GET http://${host()}${path} HTTP/1.1`, host(), true)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })
})
