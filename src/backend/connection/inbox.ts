// What arrives on a connection during one call, bounded in bytes and in time.

import type { Socket } from 'node:net'

/** What woke the reader: more bytes; or the last thing that happens: end, reset, deadline, cancellation, more than allowed. */
export type Arrival = 'data' | 'ended' | 'reset' | 'late' | 'cancelled' | 'overflow'

/** Collects the bytes of one reply from a socket until its reader has enough. */
export class Inbox {
  readonly #socket: Socket
  readonly #buffer: Uint8Array
  readonly #signal: AbortSignal | undefined
  #timer: NodeJS.Timeout
  #length = 0
  #seen = 0
  #last: Arrival | undefined
  #wake: (() => void) | undefined
  #done: (() => void) | undefined

  /** Holds up to `most` bytes; the deadline runs from now. Ends with `detach`. */
  constructor(socket: Socket, most: number, deadlineMs: number, signal?: AbortSignal) {
    this.#socket = socket
    this.#buffer = new Uint8Array(most)
    this.#signal = signal
    this.#timer = setTimeout(this.#late, deadlineMs)
    signal?.addEventListener('abort', this.#cancelled)
    socket.on('data', this.#data).on('end', this.#ended).on('close', this.#reset)
    if (signal?.aborted) this.#last = 'cancelled'
    else if (socket.destroyed || socket.readableEnded) this.#last = 'reset'
  }

  /** All that has arrived and not been taken. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Why nothing more will come; undefined while more may. */
  get last(): Arrival | undefined {
    return this.#last
  }

  /** Resolves when something has arrived that was not there at the last call. */
  async arrival(): Promise<Arrival> {
    if (this.#seen === this.#length && this.#last === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#seen < this.#length) {
      this.#seen = this.#length
      return 'data'
    }
    return this.#last ?? 'data'
  }

  /** Lets the deadline run anew from now. */
  restart(deadlineMs: number): void {
    clearTimeout(this.#timer)
    if (!this.#last) this.#timer = setTimeout(this.#late, deadlineMs)
  }

  /** Resolves with the promise, or as soon as nothing more will come. */
  async whileOpen(promise: Promise<void>): Promise<void> {
    if (this.#last) return
    const done = new Promise<void>((resolve) => {
      this.#done = resolve
    })
    await Promise.race([promise, done])
  }

  /** Forgets the first `count` bytes. */
  take(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length)
    this.#length -= count
    this.#seen = this.#length
  }

  detach(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#cancelled)
    this.#socket.off('data', this.#data).off('end', this.#ended).off('close', this.#reset)
  }

  #data = (chunk: Uint8Array) => {
    if (this.#last) return
    const room = this.#buffer.length - this.#length
    this.#buffer.set(chunk.subarray(0, room), this.#length)
    this.#length += Math.min(room, chunk.length)
    if (chunk.length > room) this.#finish('overflow')
    else this.#wakeUp()
  }

  #ended = () => this.#finish('ended')
  #reset = () => this.#finish('reset')
  #late = () => this.#finish('late')
  #cancelled = () => this.#finish('cancelled')

  /** The first end counts; a socket that sends too much is silenced at once. */
  #finish(arrival: Arrival): void {
    if (this.#last) return
    this.#last = arrival
    if (arrival === 'overflow') this.#socket.destroy()
    this.#wakeUp()
    this.#done?.()
  }

  #wakeUp(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
