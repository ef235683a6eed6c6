// How much of a file is done, where somebody watches.

import { statSync } from 'node:fs'
import type { Streams } from './streams.ts'

/** Files that are done before a bar could be seen have none. */
const shortFile = 16 * 1024 * 1024

/** What to call with every piece or with the offset reached, and at the end. */
interface ProgressBar {
  done(bytes: number): void
  reach(offset: number): void
  end(): void
}

/** Shows on a terminal how much of a file is done. */
export function progressBar(path: string, streams: Streams): ProgressBar {
  const size = path === '-' ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  const terminal = size > shortFile ? streams.terminal : undefined
  if (!terminal) return { done: () => undefined, reach: () => undefined, end: () => undefined }
  const began = performance.now()
  let done = 0
  let shown = 0
  const reach = (offset: number): void => {
    done = offset
    const now = performance.now()
    if (now - shown < 200) return
    shown = now
    terminal(`\r${barOf(done, size, (now - began) / 1000)}`)
  }
  return {
    done: (bytes) => reach(done + bytes),
    reach,
    end: () => terminal(`\r${' '.repeat(60)}\r`),
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
