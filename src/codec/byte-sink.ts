// A byte buffer that grows: where JSON and records are written one behind the other.

export interface ByteSink {
  /** The buffer; only its first `length` bytes are written. Another one after it had to grow. */
  bytes: Uint8Array
  length: number
}

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
