// What a start shows while it gets under way: one line a part that changes in place on a terminal, plain lines elsewhere.

/** Where it is shown: standard error in life. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Shows how far each part is. */
export interface StartProgress {
  /** Says what a part is doing. */
  doing(part: string, what: string): void
  /** Says that a part is done, and how long it took. */
  done(part: string, what: string): void
  /** Says a thing of its own, above the parts. */
  say(line: string): void
  /** Shows no more changes: what follows is ordinary output. */
  stop(): void
}

interface ProgressRow {
  text: string
  finished: boolean
}

const marks = { doing: '…', done: '✓' }

/** Shows progress on a screen. */
export function showProgress(screen: Screen): StartProgress {
  const rows = new Map<string, ProgressRow>()
  let drawn = 0
  let stopped = false
  const inPlace = screen.isTTY === true

  const lineOf = (part: string, { text, finished }: ProgressRow) => {
    const line = `${finished ? marks.done : marks.doing} ${part}: ${text}`
    return inPlace ? line.slice(0, Math.max(20, (screen.columns ?? 80) - 1)) : line
  }

  function draw(above = ''): void {
    // Up to the first row, then each row anew: `\x1b[nA` moves up, `\x1b[J` clears what is below.
    const up = drawn > 0 ? `\x1b[${drawn}A` : ''
    const lines = [...rows].map(([part, row]) => `${lineOf(part, row)}\n`)
    screen.write(`${up}\r\x1b[J${above}${lines.join('')}`)
    drawn = lines.length
  }

  function set(part: string, text: string, finished: boolean): void {
    const before = rows.get(part)
    if (stopped || (before?.text === text && before.finished === finished)) return
    const row = { text, finished }
    rows.set(part, row)
    if (inPlace) draw()
    else screen.write(`${lineOf(part, row)}\n`)
  }

  return {
    doing: (part, what) => set(part, what, false),
    done: (part, what) => set(part, what, true),
    say: (line) => {
      if (inPlace && !stopped) draw(`${line}\n`)
      else screen.write(`${line}\n`)
    },
    stop: () => {
      stopped = true
    },
  }
}
