// The certificates of the REST API: read from their files, and again while it serves, so that they are renewed without a stop.

import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { TlsMaterial } from './api/connection/tls.ts'
import type { Settings } from './config.ts'
import { failure, isFailure } from './error/failure.ts'

const everyMs = 10_000

type FileSetting = 'MAINSPAN_TLS_CERT' | 'MAINSPAN_TLS_KEY' | 'MAINSPAN_TLS_CLIENT_CA'

/** What the files hold now; undefined where none are set. Throws SETTINGS_INVALID where one cannot be read or is no good. */
export function readTls(settings: Settings): TlsMaterial | undefined {
  const certificate = textOf('MAINSPAN_TLS_CERT', settings)
  const key = textOf('MAINSPAN_TLS_KEY', settings)
  if (certificate === undefined || key === undefined) return undefined
  const clientAuthorities = textOf('MAINSPAN_TLS_CLIENT_CA', settings)
  checkPair(certificate, key, clientAuthorities)
  const least = settings.MAINSPAN_TLS_LEAST === '1.2' ? 'TLSv1.2' : 'TLSv1.3'
  return { certificate, key, least, ...(clientAuthorities !== undefined && { clientAuthorities }) }
}

function textOf(name: FileSetting, settings: Settings): string | undefined {
  const path = settings[name]
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw failure('SETTINGS_INVALID', { mistakes: `${name}: names no file that can be read` }, { cause })
  }
}

function checkPair(cert: string, key: string, ca: string | undefined): void {
  try {
    createSecureContext({ cert, key, ...(ca !== undefined && { ca }) })
  } catch (cause) {
    const mistakes =
      'MAINSPAN_TLS_CERT, MAINSPAN_TLS_KEY, MAINSPAN_TLS_CLIENT_CA: are no certificate with its key, and authorities, in PEM'
    throw failure('SETTINGS_INVALID', { mistakes }, { cause })
  }
}

/** Looks at the files now and then. What has changed is taken; what is no good is told of, and the old one serves on. */
export function renewingTls(
  settings: Settings,
  renew: (tls: TlsMaterial) => void,
  log: Logger,
): NodeJS.Timeout | undefined {
  let known = readTls(settings)
  if (!known) return undefined
  const look = () => {
    try {
      const now = readTls(settings)
      if (!now || isDeepStrictEqual(now, known)) return
      known = now
      renew(now)
      log.info('certificates renewed')
    } catch (error) {
      if (!isFailure(error)) throw error
      log.error({ problem: error.message }, 'certificates not renewed')
    }
  }
  return setInterval(look, everyMs).unref()
}
