// The references of a flow's calls, made apart from the product: SHA-256 of workflow id and ordinal in the alphabet of base32.

import { createHash } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function referenceOf(workflowId: string, ordinal: number): string {
  const bits = [...createHash('sha256').update(`${workflowId}\n${ordinal}`).digest().subarray(0, 10)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  return [...bits.matchAll(/.{5}/g)].map(([five]) => alphabet[Number.parseInt(five, 2)]).join('')
}
