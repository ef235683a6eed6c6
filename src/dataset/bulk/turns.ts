// Threads that decode one file together take turns: one at a time reads the next chunk, and chunks are written in the order of the reading.

/** What all threads see. Numbers are exact to 2⁵³. */
export interface ReadProgress {
  /** Records read so far, those passed over included, and where the next begins in the file. */
  records: number
  offset: number
}

/** Whose turn it is, in memory that all threads share. */
export interface Turns {
  /** What another thread takes part with. */
  readonly memory: SharedArrayBuffer
  readonly progress: ReadProgress
  /** Whether the work is over, for all threads, before the end of the file. */
  readonly isEnded: boolean
  /** Runs `read` for the next chunk, numbered from 0, while no other thread reads. Once it gave undefined, nothing is read again. */
  read<T>(read: (chunk: number) => T | undefined): T | undefined
  /** Waits until a chunk is the next to be written or all is over, but no longer than `most` milliseconds. */
  wait(chunk: number, most: number): boolean
  /** The chunk after this one may be written. */
  written(chunk: number): void
  end(): void
}

const [reading, chunks, turn, over, ended] = [0, 1, 2, 3, 4]
const words = 6
/** Looks before a thread sleeps, about a tenth of a millisecond: to be woken takes longer than most waits. */
const spins = 40_000

/** Without `memory`, the turns of a new file. */
export function takeTurns(memory = new SharedArrayBuffer(4 * words + 16)): Turns {
  const state = new Int32Array(memory, 0, words)
  const places = new Float64Array(memory, 4 * words, 2)
  const change = (word: number, value: number): void => {
    Atomics.store(state, word, value)
    Atomics.notify(state, word)
  }
  return {
    memory,
    progress: {
      get records() {
        return places[0] ?? 0
      },
      set records(records) {
        places[0] = records
      },
      get offset() {
        return places[1] ?? 0
      },
      set offset(offset) {
        places[1] = offset
      },
    },
    get isEnded() {
      return Atomics.load(state, ended) === 1
    },
    read: (read) => {
      while (Atomics.compareExchange(state, reading, 0, 1) !== 0) Atomics.wait(state, reading, 1)
      try {
        const given = Atomics.load(state, over) === 0 ? read(Atomics.add(state, chunks, 1)) : undefined
        if (given === undefined) Atomics.store(state, over, 1)
        return given
      } finally {
        change(reading, 0)
      }
    },
    wait: (chunk, most) => {
      let now = Atomics.load(state, turn)
      for (let turns = most > 0 ? spins : 0; now !== chunk && turns > 0; turns -= 1) now = Atomics.load(state, turn)
      if (now !== chunk && Atomics.load(state, ended) === 0) Atomics.wait(state, turn, now, most)
      return Atomics.load(state, turn) === chunk || Atomics.load(state, ended) === 1
    },
    written: (chunk) => change(turn, chunk + 1),
    end: () => {
      Atomics.store(state, ended, 1)
      Atomics.notify(state, turn)
    },
  }
}
