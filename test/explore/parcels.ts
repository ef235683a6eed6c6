// What the explorer's processes say to each other, and how parcels are handed out.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Budget } from './choices.ts'
import type { Promised } from './invariants.ts'
import type { Switches } from './switches.ts'

/** All paths below a list of choices. */
export interface Parcel {
  readonly id: number
  readonly scenario: string
  /** The remedy that is off. */
  readonly off?: keyof Switches
  readonly prefix: readonly number[]
  readonly budgets: readonly Budget[]
  /** No more paths than these. */
  readonly most: number
  readonly stopAtFirst?: boolean
}

export interface Broken {
  readonly scenario: string
  readonly promise: Promised
  readonly what: string
  readonly taken: readonly number[]
  readonly spent: number
  readonly budgets: readonly Budget[]
  times: number
}

export interface Found {
  readonly id: number
  readonly paths: number
  readonly parked: number
  readonly broken: readonly Broken[]
}

export interface Hands {
  /** Walks all parcels; `heard` gets what each found. Parcels not begun when `isOver` says so are left out. */
  walk(parcels: readonly Parcel[], heard: (found: Found) => void, isOver?: () => boolean): Promise<void>
  /** Paths walked by now, of parcels under way too. */
  readonly walked: number
  close(): void
}

interface Hand {
  give(parcel: Parcel): void
  found: (found: Found) => void
  close(): void
}

type Message = { readonly ready?: true; readonly walked?: number; readonly found?: Found }

/** Starts so many worker processes. */
export async function hands(count: number): Promise<Hands> {
  const state = { walked: 0 }
  const all = await Promise.all(Array.from({ length: count }, () => hand((paths) => (state.walked += paths))))
  return {
    get walked() {
      return state.walked
    },
    walk: (parcels, heard, isOver = () => false) => handOut(all, parcels, heard, isOver),
    close: () => {
      for (const one of all) one.close()
    },
  }
}

function hand(heard: (paths: number) => void): Promise<Hand> {
  const child = fork(fileURLToPath(new URL('run.mjs', import.meta.url)), ['worker'], {
    // A path leaves much behind and keeps nothing: fewer, larger collections.
    execArgv: ['--max-semi-space-size=64'],
  })
  return new Promise((resolve, reject) => {
    const made: Hand = {
      give: (parcel) => void child.send(parcel),
      found: () => undefined,
      close: () => void child.kill(),
    }
    child.on('message', ({ ready, walked, found }: Message) => {
      if (ready) resolve(made)
      if (walked !== undefined) heard(walked)
      if (found) made.found(found)
    })
    child.on('exit', (code) => {
      if (code === null || code === 0) return
      reject(new Error(`a worker of the explorer ended with ${code}`))
      process.exitCode = 1
      process.exit()
    })
  })
}

/** Each hand gets the next parcel when it has done one. */
function handOut(
  all: readonly Hand[],
  parcels: readonly Parcel[],
  heard: (found: Found) => void,
  isOver: () => boolean,
): Promise<void> {
  let next = 0
  const work = (one: Hand) =>
    new Promise<void>((resolve) => {
      const take = () => {
        const parcel = isOver() ? undefined : parcels[next++]
        if (parcel) one.give(parcel)
        else resolve()
      }
      one.found = (found) => {
        heard(found)
        take()
      }
      take()
    })
  return Promise.all(all.map(work)).then(() => undefined)
}
