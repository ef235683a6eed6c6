// The progress bar's words; what it looks like on a terminal is up to the terminal.

import { expect, test } from '@jest/globals'
import { barOf } from '../../../src/dataset/file/progress-bar.ts'

test.each([
  [0, 100, 0, `${'░'.repeat(24)} 0 %  0 MiB/s  100 s left`],
  [50 * 1_048_576, 100 * 1_048_576, 5, `${'█'.repeat(12)}${'░'.repeat(12)} 50 %  10 MiB/s  5 s left`],
  [200, 100, 1, `${'█'.repeat(24)} 100 %`],
])('%i of %i bytes after %i s', (done, size, seconds, text) => {
  expect(barOf(done, size, seconds)).toContain(text)
})
