// How the values of settings are written: numbers, keys, issuers, files. Each mistake in words, without the value.

import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { z } from 'zod'
import { addressMistake } from './guard/issuer-http.ts'

/** A value that shows itself only when asked: printed, logged or serialised it is `***`. */
export interface Secret {
  reveal(): string
}

/** Hides a value. */
export function secret(value: string): Secret {
  const hidden = () => '***'
  const shown = { reveal: () => value, toString: hidden, toJSON: hidden, [inspect.custom]: hidden }
  return Object.defineProperty(shown, 'reveal', { enumerable: false })
}

/** A port; 0 takes a free one. */
export const port = z.coerce.number().int().min(0).max(65535)
/** Milliseconds, a day at most. */
export const wholeMs = z.coerce.number().int().min(1).max(86_400_000)
/** How many of something. */
export const count = z.coerce.number().int().min(1).max(10_000)

function payloadKey(pair: string) {
  const colon = pair.indexOf(':')
  return { id: pair.slice(0, colon), key: secret(pair.slice(colon + 1)) }
}

/** `id:base64 of 32 bytes`, several separated by commas; the first one encrypts, all decrypt. */
export const payloadKeys = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=(?:,[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=)*$/,
    'wants ID:KEY, the key 32 bytes in base64 (openssl rand -base64 32), several separated by commas',
  )
  .transform((text) => {
    const [first = '', ...others] = text.split(',')
    return [payloadKey(first), ...others.map(payloadKey)] as const
  })

/** 32 bytes in base64. */
export const idKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'wants 32 bytes in base64 (openssl rand -base64 32)')
  .transform(secret)

const issuerUrl = z
  .string()
  .refine(
    (text) => addressMistake(text) === undefined && !/[?#]/.test(text),
    'wants https, or http on loopback, without query',
  )

const issuer = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'wants a short word in kebab-case'),
  issuer: issuerUrl,
  audiences: z.array(z.string().min(1)).min(1),
  tokenUrl: issuerUrl,
})

/** JSON: a list of issuers with names and addresses of their own. */
export const issuers = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue('is no JSON')
      return z.NEVER
    }
  })
  .pipe(z.tuple([issuer], issuer))
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'has one name twice')
  .refine((all) => new Set(all.map(({ issuer: url }) => url)).size === all.length, 'has one issuer twice')

/** The path of a file that is read later. */
export const path = z.string().min(1)

/** The text of a file. */
export const file = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    context.addIssue('names no file that can be read')
    return z.NEVER
  }
})
