// What reads one format inside a reader: finds whole records in the bytes in sight, and says how many more it needs.

/** A record: its bounds in a buffer that is only good during the call, and the offset in the file of its first byte (of its descriptor, where it has one). */
export type TakeRecord = (bytes: Uint8Array, start: number, end: number, offset: number) => void

/** A place in a file where reading can go on. */
export interface Position {
  readonly offset: number
  /** Bytes of the current block that are not read yet; for blocked formats. */
  readonly blockLeft?: number
}

/** Finds the records of one format. It keeps what is known of a record that is not whole yet, never its bytes. */
export interface Framer {
  /**
   * Hands out every record that is whole in `bytes[start, end)` and gives where it stopped. `base` is the file offset of `bytes[0]`.
   */
  read(bytes: Uint8Array, start: number, end: number, base: number): number
  /** Bytes, counted from where `read` stopped, without which it cannot go on. */
  needed(): number
  /** At the end of the file: takes what is left if the format allows it; gives how many bytes it took. */
  finish(bytes: Uint8Array, length: number, base: number): number
  /** Whether the file may not end here: inside a block or between two segments. */
  isOpen(): boolean
  position(offset: number): Position
}

/** The parts that most formats share. */
export const unfinished = {
  finish: () => 0,
  isOpen: () => false,
  position: (offset: number): Position => ({ offset }),
} as const
