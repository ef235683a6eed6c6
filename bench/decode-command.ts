// Runs `mainspan decode` over a file of a corpus and times it from start to end.

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CorpusName } from './corpora.ts'

const program = fileURLToPath(new URL('../src/mainspan.cjs', import.meta.url))

export interface Decoding {
  readonly name: CorpusName
  /** Fixed-length records. */
  readonly file: string
  /** Where the lines go. */
  readonly output: string
  readonly threads: number
  /** Values only, without `$residue`. */
  readonly canonical: boolean
  /** Records passed over, and how many are decoded; all without it. */
  readonly part?: { readonly skip: number; readonly count: number }
}

/** Seconds that the command takes. `started` is given the process. Throws where it does not end well. */
export function secondsOfDecoding(decoding: Decoding, started?: (child: ChildProcess) => void): Promise<number> {
  const { name, file, output, threads, canonical, part } = decoding
  const copybook = fileURLToPath(new URL(`./corpora/${name}.cpy`, import.meta.url))
  const options = ['--copybook', copybook, '--format', 'F', '--threads', String(threads)]
  if (canonical) options.push('--canonical')
  if (part) options.push('--skip', String(part.skip), '--count', String(part.count))
  const into = openSync(output, 'w')
  const start = performance.now()
  const child = spawn(process.execPath, [program, 'decode', ...options, file], { stdio: ['ignore', into, 'inherit'] })
  started?.(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      closeSync(into)
      if (status === 0) resolve((performance.now() - start) / 1000)
      else reject(new Error(`mainspan decode ended with ${status}`))
    })
  })
}
