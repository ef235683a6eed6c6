// A test file in this process: what Jest's globals do, as far as the tests of the mutated rooms use them. Jest itself takes a second for
// each file; here a file costs what its tests cost, and the first test that fails ends it.

import { createRequire } from 'node:module'
import { format, stripVTControlCharacters } from 'node:util'
import type { Exports } from './modules.ts'

type Body = (...args: readonly unknown[]) => unknown

interface Scope {
  readonly outer: Scope | undefined
  readonly before: Body[]
  readonly after: Body[]
  readonly beforeEach: Body[]
  readonly afterEach: Body[]
}

export interface Case {
  readonly name: string
  readonly scope: Scope
  readonly body: Body
  readonly limitMs: number | undefined
}

/** How something that takes time is waited for; throws when it takes longer. */
export type Wait = (work: Promise<unknown>, limitMs: number) => Promise<void>

export interface Outcome {
  readonly ms: number
  /** What is wrong; undefined when it passed. */
  readonly problem?: string
}

// What @jest/globals is made of; by its own paths, since it is all that the project asks for.
const ofJest = createRequire(createRequire(import.meta.url).resolve('@jest/globals/package.json'))
const { expect } = createRequire(ofJest.resolve('@jest/expect/package.json'))('expect') as { expect: Exports[string] }
const { ModuleMocker } = ofJest('jest-mock') as { ModuleMocker: new (global: object) => Exports }

export class Suite {
  readonly cases: Case[] = []
  /** What an import of `@jest/globals` gives to the file. */
  readonly globals: Exports
  readonly #mocker = new ModuleMocker(globalThis)
  #scope: Scope = scopeIn(undefined)

  constructor() {
    const test = Object.assign((name: string, body: Body, limitMs?: number) => this.#add(name, body, limitMs), {
      each: each((name, body, limitMs) => this.#add(name, body, limitMs)),
      skip: () => undefined,
    })
    const describe = Object.assign((name: string, body: Body) => this.#describe(name, body), {
      each: each((name, body) => this.#describe(name, body)),
    })
    const hook = (list: 'before' | 'after' | 'beforeEach' | 'afterEach') => (body: Body) => {
      this.#scope[list].push(body)
    }
    this.globals = {
      ...{ test, it: test, describe, expect, jest: this.#jest() },
      ...{ beforeAll: hook('before'), afterAll: hook('after') },
      ...{ beforeEach: hook('beforeEach'), afterEach: hook('afterEach') },
    }
  }

  #jest(): Exports {
    const mocker = this.#mocker as Record<'fn' | 'spyOn' | 'restoreAllMocks', Body>
    return {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
    }
  }

  #add(name: string, body: Body, limitMs: number | undefined): void {
    this.cases.push({ name, scope: this.#scope, body, limitMs })
  }

  #describe(_: string, body: Body): void {
    const outer = this.#scope
    this.#scope = scopeIn(outer)
    try {
      body()
    } finally {
      this.#scope = outer
    }
  }

  /**
   * Runs the cases one after the other; `each` hears how one ended, and says whether the others are run. `limitOf` hears which one comes
   * next, and gives how many ms it may take, where that differs from what it says itself.
   */
  async run(
    cases: readonly Case[],
    wait: Wait,
    each: (one: Case, outcome: Outcome) => boolean,
    limitOf: (one: Case) => number | undefined = () => undefined,
  ): Promise<void> {
    const open: Scope[] = []
    for (const one of cases) {
      const outcome = await this.#ran(one, open, wait, limitOf(one) ?? one.limitMs ?? 60_000)
      if (!each(one, outcome)) break
    }
    await closed(open, () => false, wait)
    ;(this.#mocker as Record<'restoreAllMocks', Body>).restoreAllMocks()
  }

  async #ran({ scope, body }: Case, open: Scope[], wait: Wait, limitMs: number): Promise<Outcome> {
    const began = process.hrtime.bigint()
    const problems: string[] = []
    const attempt = async (bodies: readonly Body[]) => {
      for (const one of bodies) {
        const problem = await attempted(one, wait, limitMs)
        if (problem !== undefined) problems.push(problem)
      }
    }
    const around = scopesOf(scope)
    await closed(open, (one) => around.includes(one), wait)
    for (const one of around) {
      if (open.includes(one)) continue
      open.push(one)
      await attempt(one.before)
    }
    if (problems.length === 0) await attempt([...around.flatMap(({ beforeEach }) => beforeEach)])
    if (problems.length === 0) await attempt([body])
    await attempt(around.toReversed().flatMap(({ afterEach }) => afterEach))
    const ms = Number(process.hrtime.bigint() - began) / 1e6
    return problems[0] === undefined ? { ms } : { ms, problem: problems[0] }
  }
}

function scopeIn(outer: Scope | undefined): Scope {
  return { outer, before: [], after: [], beforeEach: [], afterEach: [] }
}

/** From the file's own to the innermost. */
function scopesOf(scope: Scope): readonly Scope[] {
  return [...(scope.outer ? scopesOf(scope.outer) : []), scope]
}

/** Leaves the scopes that are not kept, the inner ones first. */
async function closed(open: Scope[], isKept: (scope: Scope) => boolean, wait: Wait): Promise<void> {
  for (const scope of open.toReversed()) {
    if (isKept(scope)) continue
    open.splice(open.indexOf(scope), 1)
    for (const one of scope.after) await attempted(one, wait, 60_000)
  }
}

async function attempted(body: Body, wait: Wait, limitMs: number): Promise<string | undefined> {
  const stray: string[] = []
  const hear = (error: unknown) => void stray.push(`outside of the test: ${textOf(error)}`)
  process.on('unhandledRejection', hear)
  process.on('uncaughtException', hear)
  try {
    await wait(
      (async () => {
        await body()
      })(),
      limitMs,
    )
    return stray[0]
  } catch (error) {
    return textOf(error)
  } finally {
    process.off('unhandledRejection', hear)
    process.off('uncaughtException', hear)
  }
}

export function textOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return stripVTControlCharacters(text).replace(/\s+/g, ' ').slice(0, 300)
}

type Define = (name: string, body: Body, limitMs?: number) => void

/** `test.each(rows)(name, body)`; a row that is no array is the one argument. */
function each(define: Define) {
  return (rows: readonly unknown[]) => (name: string, body: Body, limitMs?: number) => {
    for (const row of rows) {
      const args = Array.isArray(row) ? row : [row]
      define(format(name.replaceAll('%p', '%j'), ...args).slice(0, 200), () => body(...args), limitMs)
    }
  }
}

/** Waits in real time. */
export const inRealTime: Wait = async (work, limitMs) => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it takes longer than ${limitMs} ms`)), limitMs)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
