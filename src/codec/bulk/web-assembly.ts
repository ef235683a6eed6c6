// The part of the WebAssembly API that the bulk decoder uses: it belongs to JavaScript, but not to the compiler's library without a browser.

export interface KernelMemory {
  readonly buffer: ArrayBuffer
}

/** What kernel.as exports. All numbers are addresses in its memory, or counts. */
export interface KernelExports {
  /** Where the output ended after the last call. */
  readonly end: { readonly value: number }
  setPage(at: number): void
  setScratch(at: number): void
  setMarks(at: number): void
  /** Decodes up to `count` records; gives how many: fewer where the output is full or a record needs the caller. */
  decode(
    input: number,
    count: number,
    recordLength: number,
    fields: number,
    output: number,
    limit: number,
    longest: number,
  ): number
  /** The same, but the values alone, one behind the other as Latin-1; `ends` gets a zero for each record, and where each of its values ends. */
  decodeValues(...all: [...Parameters<KernelExports['decode']>, ends: number]): number
}

interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number }) => KernelMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Undefined where the process has no WebAssembly. */
export function webAssembly(): WebAssemblyApi | undefined {
  return (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly
}
