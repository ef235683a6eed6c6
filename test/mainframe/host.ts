// Values ⇄ host bytes for tests, independent of src/: text by glibc's iconv, numbers digit by digit.

import { spawnSync } from 'node:child_process'

const codes = Buffer.from(Array.from({ length: 256 }, (_, code) => code))
const asked = spawnSync('iconv', ['-f', 'CP037', '-t', 'UTF-16LE'], { input: codes })
if (asked.stdout.length !== 512) throw new Error(`iconv: ${asked.stderr}`)
/** cp037 code → character. */
export const charactersOfCp037: readonly string[] = [...asked.stdout.toString('utf16le')]
const codeOf = new Map(charactersOfCp037.map((character, code) => [character, code]))

export function hostText(text: string, length: number): Buffer {
  const bytes = Buffer.alloc(length, 0x40)
  for (const [at, character] of [...text].entries()) {
    const code = codeOf.get(character)
    if (code === undefined || at >= length) throw new Error(`not ${length} characters of cp037: ${text}`)
    bytes[at] = code
  }
  return bytes
}

export const textOf = (bytes: Uint8Array): string => Array.from(bytes, (code) => charactersOfCp037[code]).join('')

/** `12.34` with scale 2 as packed decimal of `digits` digits. */
export function packed(value: string, digits: number, scale: number): Buffer {
  const [, sign, whole, decimals] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? []
  if (whole === undefined) throw new Error(`not a number: ${value}`)
  const text = (whole + (decimals ?? '').padEnd(scale, '0')).padStart(digits, '0')
  const hex = `${text}${sign ? 'd' : 'c'}`
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
}

export function packedOf(bytes: Uint8Array, scale: number): string {
  const hex = Buffer.from(bytes).toString('hex')
  if (!/^\d+[cdf]$/.test(hex)) throw new Error(`not packed: ${hex}`)
  return scaled(hex.slice(0, -1), scale, hex.endsWith('d'))
}

/** Zoned decimal, sign over the last digit. */
export function zonedOf(bytes: Uint8Array, scale: number): string {
  const hex = Buffer.from(bytes).toString('hex')
  if (!/^(f\d)*[cdf]\d$/.test(hex)) throw new Error(`not zoned: ${hex}`)
  return scaled(hex.replaceAll(/[cdf](\d)/g, '$1'), scale, hex.at(-2) === 'd')
}

function scaled(digits: string, scale: number, negative: boolean): string {
  const whole = digits.slice(0, digits.length - scale).replace(/^0+(?=\d)/, '')
  const text = scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`
  return negative ? `-${text}` : text
}
