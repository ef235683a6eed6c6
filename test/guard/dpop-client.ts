// A client with a DPoP key: binds tokens to it and makes proofs, good and bad.

import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose'
import { type Claims, type SigningKey, signingKey } from './issuer.ts'

export interface DpopClient {
  readonly key: SigningKey
  /** The claim that binds a token to its key. */
  readonly cnf: { readonly jkt: string }
  /** A good proof for a request, but for what is given; a claim or member that is undefined is left out. */
  proof(request: Proven, claims?: Claims, header?: Readonly<Record<string, unknown>>, key?: SigningKey): Promise<string>
}

interface Proven {
  readonly method: string
  readonly url: string
  readonly token: string
}

export async function dpopClient(alg = 'ES256'): Promise<DpopClient> {
  const key = await signingKey(alg)
  const publicJwk = await exportJWK(key.publicKey)
  return {
    key,
    cnf: { jkt: await calculateJwkThumbprint(publicJwk) },
    async proof({ method, url, token }, claims = {}, header = {}, signer = key) {
      const own = {
        jti: randomUUID(),
        htm: method,
        htu: url,
        iat: Math.floor(Date.now() / 1000),
        ath: createHash('sha256').update(token).digest('base64url'),
      }
      const payload = JSON.parse(JSON.stringify({ ...own, ...claims }))
      const protectedHeader = { typ: 'dpop+jwt', alg: signer.alg, jwk: publicJwk, ...header }
      return await new SignJWT(payload).setProtectedHeader(protectedHeader).sign(signer.privateKey)
    },
  }
}
