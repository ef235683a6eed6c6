// A byte buffer that grows: where JSON and records are written one behind the other.

/** A buffer that grows, for what is appended to it. */
export interface ByteSink {
  /** The buffer; only its first `length` bytes are written. Another one after it had to grow. */
  bytes: Uint8Array
  length: number
}

/** An empty sink with room for `capacity` bytes. */
export function byteSink(capacity = 65_536): ByteSink {
  return { bytes: new Uint8Array(capacity), length: 0 }
}

/** Appends bytes. */
export function append(sink: ByteSink, bytes: Uint8Array): void {
  reserve(sink, sink.length + bytes.length)
  sink.bytes.set(bytes, sink.length)
  sink.length += bytes.length
}

/** Makes room up to `end`. */
export function reserve(sink: ByteSink, end: number): void {
  if (end <= sink.bytes.length) return
  const larger = new Uint8Array(Math.max(end, 2 * sink.bytes.length))
  larger.set(sink.bytes.subarray(0, sink.length))
  sink.bytes = larger
}

/** V8 keeps arrays of so few bytes in its own heap, cheaply. */
const mostInHeap = 64
const mostShared = 2048
const slabSize = 16 * mostShared

/** Copies the first `length` bytes. Short copies share memory, since that of an array's own costs more than to encode a record. */
export function copier(): (bytes: Uint8Array, length: number) => Uint8Array {
  let slab = new ArrayBuffer(0)
  let next = 0
  return (bytes, length) => {
    if (length <= mostInHeap || length > mostShared) return bytes.slice(0, length)
    if (next + length > slab.byteLength) {
      slab = new ArrayBuffer(slabSize)
      next = 0
    }
    const copy = new Uint8Array(slab, next, length)
    next += length
    copy.set(bytes.length === length ? bytes : bytes.subarray(0, length))
    return copy
  }
}
