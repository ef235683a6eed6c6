// A transport to the simulated host, in place of src/backend/cics-socket.ts and with its rules: nothing that has left in doubt is called
// "not sent", the clock is read right before the write, and a connection given up in doubt is reset.

import { overdue } from '../../src/backend/connection/overdue.ts'
import type { Backend, Exchange, ExchangeResult } from '../../src/contract/backend.ts'
import type { UnknownCause } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'
import type { Clock, Planned } from './clock.ts'
import { type Fate, type Twist, type When, wordsOf } from './fates.ts'
import { type Host, programs, setText, text } from './host.ts'
import type { Switches } from './switches.ts'

export interface TransportParts {
  readonly clock: Clock
  readonly host: Host
  readonly switches: Switches
  /** Chooses what becomes of this exchange. */
  readonly fateOf: (exchange: Exchange) => Fate
  readonly note: (line: string) => void
  /** The longest pause that is reckoned with. */
  readonly lateMs: number
  readonly quiescenceMs: number
  /** The first byte of a request has left. */
  readonly written: (exchange: Exchange) => void
  /** The host has answered an inquiry about this reference. */
  readonly asked: (reference: string) => void
}

const hopMs = 5
const adapter = 'deposits'

export class Transport implements Backend {
  readonly #parts: TransportParts
  /** Until when no inquiry is answered. */
  #silentUntil = 0
  /** What waits for the host to have answered an inquiry, or executed another attempt, by reference. */
  readonly #waiting: { readonly when: When; readonly reference: string; readonly planned: Planned }[] = []

  constructor(parts: TransportParts) {
    this.#parts = parts
  }

  /** Whether the core has ever left inquiries without an answer. */
  get wasSilent(): boolean {
    return this.#silentUntil > 0
  }

  /** Whether the core answers inquiries now. */
  get answers(): boolean {
    return this.#parts.clock.now >= this.#silentUntil
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  async exchange(exchange: Exchange): Promise<ExchangeResult> {
    const { clock, switches, fateOf, note } = this.#parts
    const fate = fateOf(exchange)
    const { target, correlation } = exchange
    if (fate.is !== 'well') note(`${target} ${correlation}: ${wordsOf(fate)}`)
    if (fate.is === 'refused') return notSent(failure('CORE_UNREACHABLE', { adapter }))
    if (fate.is === 'silent') this.#silentUntil = clock.now + fate.ms
    const since = performance.now()
    await clock.sleep(hopMs, 'handshake')
    if (fate.is === 'dies' && fate.at === 'before the write') return await never()
    if (fate.is === 'stands' && fate.at === 'before the look') await this.until(fate.until, exchange)
    const late = switches.look ? overdue(adapter, exchange, since) : undefined
    if (late) {
      note(`${target} ${correlation}: the worker looks at the clock and does not send`)
      return notSent(late)
    }
    if (fate.is === 'stands' && fate.at === 'before the write') await this.until(fate.until, exchange)
    return await this.#write(exchange, fate)
  }

  /** From the first byte of the COMMAREA on: nothing is certain but what comes back. */
  async #write(exchange: Exchange, fate: Fate): Promise<ExchangeResult> {
    const { clock, switches, written } = this.#parts
    const { target, deadlineMs } = exchange
    written(exchange)
    let held: Planned | undefined
    const answer = new Promise<ExchangeResult | 'late'>((resolve) => {
      held = this.#deliver(exchange, fate, resolve)
      clock.plan(deadlineMs, `deadline of ${target}`, () => resolve('late'))
    })
    if (fate.is === 'dies' || (fate.is === 'held' && fate.dies)) return await never()
    const result = await answer
    if (fate.is === 'stands' && fate.at === 'after the reply') await this.until(fate.until, exchange)
    if (result === 'late') {
      if (switches.reset) clock.forget(held)
      return unknown('no-reply-before-deadline', failure('CORE_NO_REPLY', { adapter, target, deadlineMs }))
    }
    if (result.kind === 'reply') exchange.accepts?.(result.bytes)
    return result
  }

  /** What the network does with the request. Gives what a reset of the connection still stops. */
  #deliver(exchange: Exchange, fate: Fate, reply: (result: ExchangeResult) => void): Planned | undefined {
    const { clock } = this.#parts
    const { target } = exchange
    const broken = () => reply(lost(target))
    const execute = (then?: (area: Uint8Array) => void) => () => {
      const area = this.#execute(exchange)
      if (area && then) clock.plan(hopMs, `reply of ${target}`, () => then(area))
    }
    const answered = (area: Uint8Array) => reply({ kind: 'reply', bytes: area })
    switch (fate.is) {
      case 'lost':
        if (fate.breaks) clock.plan(hopMs, `break of ${target}`, broken)
        return undefined
      case 'held':
        return this.#when(fate.until, exchange, execute())
      case 'slow':
        this.#when(fate.until, exchange, execute())
        return undefined
      case 'abends':
        clock.plan(2 * hopMs, `abend of ${target}`, () => reply({ kind: 'abended', abendCode: 'ASRA' }))
        return undefined
      case 'refuses':
        clock.plan(2 * hopMs, `refusal of ${target}`, () => answered(refusal(exchange)))
        return undefined
      case 'reply lost':
        clock.plan(hopMs, `${target} at the host`, execute(fate.breaks ? broken : undefined))
        return undefined
      case 'reply':
        clock.plan(hopMs, `${target} at the host`, () => {
          const area = fate.executed
            ? this.#execute(exchange)
            : this.#parts.host.withoutEffect(target, exchange.payload)
          clock.plan(hopMs, `reply of ${target}`, () => answered(twisted(fate.as, target, area ?? exchange.payload)))
        })
        return undefined
      case 'twice':
        clock.plan(hopMs, `${target} at the host`, execute(fate.heard === 'first' ? answered : undefined))
        clock.plan(2 * hopMs, `${target} at the host`, execute(fate.heard === 'second' ? answered : undefined))
        return undefined
      default:
        clock.plan(hopMs, `${target} at the host`, execute(answered))
        return undefined
    }
  }

  /** The program runs. Inquiries of a silent core get no answer, and find nothing out. */
  #execute(exchange: Exchange): Uint8Array | undefined {
    const { clock, host, note, asked } = this.#parts
    const { target, payload, correlation } = exchange
    const isInquiry = target === 'FNDENT'
    if (isInquiry && clock.now < this.#silentUntil) return undefined
    const booked = host.books(target, payload)
    const area = host.run(target, payload)
    note(`the core runs ${target} for ${text(payload, 0, 16)}${isInquiry ? '' : booked ? ': booked' : ': refused'}`)
    if (isInquiry) asked(correlation)
    this.#wake(isInquiry ? 'after the inquiry' : 'after the next attempt', correlation)
    return area
  }

  /** Resolves so late. */
  until(when: When, of: Pick<Exchange, 'correlation' | 'deadlineMs'>): Promise<void> {
    return new Promise((resolve) => {
      this.#when(when, of, resolve)
    })
  }

  /** Plans what is late. All is bounded by the longest pause; what waits for something comes at once when it has happened. */
  #when(
    when: When,
    { correlation, deadlineMs }: Pick<Exchange, 'correlation' | 'deadlineMs'>,
    run: () => void,
  ): Planned {
    const { clock, lateMs, quiescenceMs } = this.#parts
    const inMs = when === 'before the inquiry' ? deadlineMs + quiescenceMs / 2 : lateMs - 1000
    const planned = clock.plan(inMs, `late: ${when}`, run)
    if (when === 'after the inquiry' || when === 'after the next attempt') {
      this.#waiting.push({ when, reference: correlation, planned })
    }
    return planned
  }

  #wake(when: When, reference: string): void {
    const { clock } = this.#parts
    for (const [at, one] of [...this.#waiting.entries()].reverse()) {
      if (one.when !== when || one.reference !== reference) continue
      this.#waiting.splice(at, 1)
      clock.replan(one.planned, 1)
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}

function notSent(cause: Extract<ExchangeResult, { kind: 'not-sent' }>['cause']): ExchangeResult {
  return { kind: 'not-sent', cause }
}

function unknown(why: UnknownCause, cause: Extract<ExchangeResult, { kind: 'unknown' }>['cause']): ExchangeResult {
  return { kind: 'unknown', why, cause }
}

function lost(target: string): ExchangeResult {
  return unknown('connection-lost-after-send', failure('CORE_CONNECTION_LOST', { adapter, target, got: 0 }))
}

function refusal({ target, payload }: Exchange): Uint8Array {
  const { reply = 0, size = 0 } = programs[target] ?? {}
  const area = new Uint8Array(size)
  area.set(payload.subarray(0, reply))
  // Any reply that is whole: a refusal leaves zeros and blanks behind its status.
  setText(area, reply, 2, target === 'POSTENT' ? 'IF' : 'NF')
  area[size - 1] = 0x0c
  return area
}

/** A reply that is not what it should be. An answer about another reference says the opposite of the truth about ours. */
function twisted(as: Twist, target: string, area: Uint8Array): Uint8Array {
  const { reply = 0 } = programs[target] ?? {}
  const bytes = Uint8Array.from(area)
  switch (as) {
    case 'cut short':
      return bytes.subarray(0, reply + 3)
    case 'of another reference':
      setText(bytes, 0, 16, 'ANOTHERREFERENCE')
      if (target === 'FNDENT' && text(bytes, reply, 2) === 'OK') setText(bytes, reply, bytes.length - reply, 'NF')
      else setText(bytes, reply, 2, 'OK')
      return bytes
    case 'of another account':
      setText(bytes, 16, 10, '9999999999')
      setText(bytes, reply, 2, 'OK')
      return bytes
    case 'a refusal and rubbish':
      setText(bytes, reply, 2, 'NF')
      for (let at = reply + 2; at < bytes.length; at++) bytes[at] = at % 2 === 0 ? 0xb7 : 0x1d
      return bytes
    case 'nonsense':
      setText(bytes, reply, 2, 'ZZ')
      return bytes
  }
}
