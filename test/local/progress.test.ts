// Progress is a block that changes in place on a terminal, and plain lines without control characters elsewhere.

import { describe, expect, test } from '@jest/globals'
import { showProgress } from '../../src/local/progress.ts'

function screen(isTTY: boolean) {
  let text = ''
  return { isTTY, columns: 40, write: (piece: string) => (text += piece), shown: () => text }
}

describe('elsewhere than on a terminal', () => {
  test('each change is one plain line, and what does not change is not repeated', () => {
    const one = screen(false)
    const progress = showProgress(one)
    progress.doing('Temporal', 'starting')
    progress.doing('Temporal', 'starting')
    progress.say('port 8080 is in use')
    progress.done('Temporal', 'ready')
    expect(one.shown()).toBe('… Temporal: starting\nport 8080 is in use\n✓ Temporal: ready\n')
  })
})

describe('on a terminal', () => {
  test('rows change in place and are cut to the width', () => {
    const one = screen(true)
    const progress = showProgress(one)
    progress.doing('A', 'x'.repeat(100))
    progress.done('A', 'ready')
    expect(one.shown()).toBe(`\r\x1b[J… A: ${'x'.repeat(34)}\n\x1b[1A\r\x1b[J✓ A: ready\n`)
  })

  test('after the stop there are only plain lines', () => {
    const one = screen(true)
    const progress = showProgress(one)
    progress.stop()
    progress.doing('A', 'late')
    progress.say('ending')
    expect(one.shown()).toBe('ending\n')
  })
})
