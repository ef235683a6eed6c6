// Callers' certificates as they count now: what a handshake has found good stays so only as long as its authority is trusted, and its date.

import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { thumbprintOf } from './thumbprint.ts'

/** Only what a handshake has found good is looked at again. */
interface Peer {
  readonly certificate: X509Certificate
  readonly thumbprint: string
  readonly expiresAt: number
  /** By which authorities it was judged last, and how. */
  judgedBy: readonly X509Certificate[]
  isGood: boolean
}

type Socket = IncomingMessage['socket']

/** Whose certificate a connection shows. Connections outlive a change of the authorities; what they show is then judged anew. */
export class Peers {
  #authorities: readonly X509Certificate[]
  readonly #peers = new WeakMap<Socket, Peer | 'none'>()

  /** `authorities`: PEM, those that handshakes are checked against. */
  constructor(authorities: string | undefined) {
    this.#authorities = authoritiesIn(authorities)
  }

  renew(authorities: string | undefined): void {
    this.#authorities = authoritiesIn(authorities)
  }

  /** The thumbprint; undefined where none was shown, or none that counts. */
  certificateOf(socket: Socket): string | undefined {
    const peer = this.#peers.get(socket) ?? this.#met(socket)
    if (peer === 'none' || Date.now() >= peer.expiresAt) return undefined
    if (peer.judgedBy !== this.#authorities) {
      peer.judgedBy = this.#authorities
      peer.isGood = isVouchedFor(peer.certificate, this.#authorities)
    }
    return peer.isGood ? peer.thumbprint : undefined
  }

  #met(socket: Socket): Peer | 'none' {
    const { authorized, getPeerX509Certificate } = socket as Partial<TLSSocket>
    const certificate = authorized ? getPeerX509Certificate?.call(socket) : undefined
    const expiresAt = Date.parse(certificate?.validTo ?? '')
    const peer = certificate && {
      ...{ certificate, thumbprint: thumbprintOf(certificate.raw), expiresAt },
      ...{ judgedBy: this.#authorities, isGood: true },
    }
    this.#peers.set(socket, peer ?? 'none')
    return peer ?? 'none'
  }
}

/** Up the chain that the caller has sent, which the handshake has checked. */
function isVouchedFor(certificate: X509Certificate, authorities: readonly X509Certificate[]): boolean {
  for (let one: X509Certificate | undefined = certificate, steps = 0; one && steps < 8; steps++) {
    const subject: X509Certificate = one
    if (authorities.some((authority) => subject.checkIssued(authority) && subject.verify(authority.publicKey)))
      return true
    one = subject.issuerCertificate
  }
  return false
}

function authoritiesIn(pem = ''): readonly X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  )
}
