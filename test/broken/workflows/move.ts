// A flow that imports what the sandbox does not have.

import { randomUUID } from 'node:crypto'

export async function move(): Promise<string> {
  return randomUUID()
}
