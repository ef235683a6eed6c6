// Virtual time: what is to happen, in its order. Nothing here waits.

export interface Planned {
  readonly at: number
  readonly what: string
  readonly run: () => void
  called: boolean
}

interface Beat {
  readonly run: () => void
  readonly everyMs: number
  next: number
}

export class Clock {
  /** Milliseconds since the epoch. */
  now: number
  #queue: Planned[] = []
  readonly #beats: Beat[] = []

  constructor(now: number) {
    this.now = now
  }

  /** Plans something; at the same moment what was planned first comes first. */
  plan(inMs: number, what: string, run: () => void): Planned {
    const planned: Planned = { at: this.now + Math.max(0, inMs), what, run, called: false }
    let at = this.#queue.length
    while (at > 0 && (this.#queue[at - 1]?.at ?? 0) > planned.at) at--
    this.#queue.splice(at, 0, planned)
    return planned
  }

  forget(planned: Planned | undefined): void {
    if (planned) planned.called = true
  }

  /** Lets it happen at another time. */
  replan(planned: Planned, inMs: number): void {
    if (planned.called) return
    planned.called = true
    this.plan(inMs, planned.what, planned.run)
  }

  /** What comes next, without doing it. */
  peek(): Planned | undefined {
    while (this.#queue[0]?.called) this.#queue.shift()
    return this.#queue[0]
  }

  /** Goes to the next moment and does what is planned there; false when nothing is, or nothing before `until`. */
  step(until: number): boolean {
    const next = this.peek()
    if (!next || next.at > until) return false
    this.#queue.shift()
    for (const beat of this.#beats) this.#beatUntil(beat, next.at)
    this.now = next.at
    next.called = true
    next.run()
    return true
  }

  /** Something that a process does all the time. It is nothing that happens: alone it brings time no further. */
  beat(run: () => void, everyMs: number): void {
    this.#beats.push({ run, everyMs, next: this.now + everyMs })
  }

  #beatUntil(beat: Beat, until: number): void {
    for (; beat.next < until; beat.next += beat.everyMs) {
      this.now = beat.next
      beat.run()
    }
  }

  sleep(ms: number, what: string): Promise<void> {
    return new Promise((resolve) => {
      this.plan(ms, what, resolve)
    })
  }
}
