// How much of a file is done, where somebody watches.

import { statSync } from 'node:fs'

/** Files that are done before a bar could be seen have none. */
const shortFile = 16 * 1024 * 1024

/** Shows how much of a file is done on a terminal, when the output goes elsewhere. Gives what to call with every piece or with the offset reached, and at the end. */
export function progressBar(path: string): { done(bytes: number): void; reach(offset: number): void; end(): void } {
  const size = path === '-' ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  const isShown = process.stderr.isTTY && !process.stdout.isTTY && size > shortFile
  if (!isShown) return { done: () => undefined, reach: () => undefined, end: () => undefined }
  const began = performance.now()
  let done = 0
  let shown = 0
  const reach = (offset: number): void => {
    done = offset
    const now = performance.now()
    if (now - shown < 200) return
    shown = now
    process.stderr.write(`\r${barOf(done, size, (now - began) / 1000)}`)
  }
  return {
    done: (bytes) => reach(done + bytes),
    reach,
    end: () => process.stderr.write(`\r${' '.repeat(60)}\r`),
  }
}

/** `████░░░░ 50 %  120 MiB/s  3 s left`. */
export function barOf(done: number, size: number, seconds: number): string {
  const share = Math.min(1, done / size)
  const speed = done / Math.max(seconds, 0.001)
  const filled = Math.round(share * 24)
  const left = Math.ceil((size - done) / Math.max(speed, 1))
  const rate = (speed / 1_048_576).toFixed(0)
  return `${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${(share * 100).toFixed(0)} %  ${rate} MiB/s  ${left} s left  `
}
