// Certificates of a test, made by OpenSSL: authorities of its own, and what they sign.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certified {
  /** PEM. */
  readonly certificate: string
  readonly key: string
}

export interface Authority extends Certified {
  /** Signs a certificate for this name; for servers the name is their address too. */
  sign(name: string, days?: number): Certified
}

/** A new authority that signs itself. */
export function authority(name: string): Authority {
  const own = made(name, ['-x509', '-days', '2', '-addext', 'basicConstraints=critical,CA:TRUE'])
  return {
    ...own,
    sign(subject, days = 2) {
      const request = made(subject, [])
      const extensions = 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n'
      const certificate = inFolder((folder) => {
        const file = (given: string, text: string) => {
          writeFileSync(join(folder, given), text, { mode: 0o600 })
          return join(folder, given)
        }
        const [csr, ca, key] = [file('csr', request.certificate), file('ca', own.certificate), file('key', own.key)]
        const words = ['x509', '-req', '-in', csr, '-CA', ca, '-CAkey', key, '-CAcreateserial', '-days', String(days)]
        return openssl([...words, '-extfile', file('extensions', extensions)])
      })
      return { certificate, key: request.key }
    },
  }
}

function made(name: string, more: readonly string[]): Certified {
  return inFolder((folder) => {
    const key = join(folder, 'key')
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key]
    const certificate = openssl(['req', '-new', ...curve, '-subj', `/CN=${name}`, ...more])
    return { certificate, key: readFileSync(key, 'utf8') }
  })
}

function openssl(words: readonly string[]): string {
  return execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-certificates-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
