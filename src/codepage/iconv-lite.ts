// Adds our pages to iconv-lite, which has no EBCDIC page of its own, for libraries that take an encoding by its iconv-lite name.
// Our own code works with the tables directly: iconv-lite is several times slower and replaces what it cannot map without telling.

import iconv from 'iconv-lite'
import { codePage, codePageNames } from './code-page.ts'
import type { CodePage } from './page.ts'

/** The part of iconv-lite that is no documented interface; pinned by a test. */
interface Registry {
  encodings: Record<string, unknown> | null
  encodingExists(name: string): boolean
}

/**
 * Registers every EBCDIC page under `cp037`, `ibm037` and, for three digits, `ibm37`: `iconv.decode(bytes, 'IBM-037')`. iconv-lite keeps
 * what it built for a name at its first use, so call this before. Characters and bytes that a page lacks are replaced, as everywhere in
 * iconv-lite; the state of an SO/SI run lives in the stream.
 */
export function registerCodePages(): void {
  const registry = iconv as unknown as Registry
  registry.encodingExists('utf8') // iconv-lite reads its own list on first use and would overwrite ours.
  const encodings = registry.encodings ?? {}
  encodings._mainspan = PageCodec
  for (const name of codePageNames()) {
    if (!name.startsWith('cp')) continue
    encodings[name] = { type: '_mainspan', page: name }
    for (const prefix of ['ibm', 'ebcdiccp']) encodings[name.replace('cp', prefix)] = name
    encodings[name.replace(/^cp0*/, 'ibm')] = name
  }
}

/** What iconv-lite makes of `{ type: '_mainspan', page }`: a codec whose `encoder` and `decoder` it constructs for every stream. */
class PageCodec {
  readonly page: CodePage
  readonly encoder = PageEncoder
  readonly decoder = PageDecoder
  constructor(options: { page: string }) {
    this.page = codePage(options.page, { substitute: true })
  }
}

class PageDecoder {
  readonly #pieces: ReturnType<NonNullable<CodePage['pieces']>['decoder']> | undefined
  readonly #page: CodePage
  constructor(_options: unknown, codec: PageCodec) {
    this.#page = codec.page
    this.#pieces = codec.page.pieces?.decoder()
  }
  write(chunk: Uint8Array): string {
    return this.#pieces ? this.#pieces.write(chunk) : this.#page.decode(chunk)
  }
  end(): string {
    return this.#pieces?.end() ?? ''
  }
}

class PageEncoder {
  readonly #pieces: ReturnType<NonNullable<CodePage['pieces']>['encoder']> | undefined
  readonly #page: CodePage
  #highSurrogate = ''
  constructor(_options: unknown, codec: PageCodec) {
    this.#page = codec.page
    this.#pieces = codec.page.pieces?.encoder()
  }
  write(chunk: string): Uint8Array {
    if (this.#pieces) return buffer(this.#pieces.write(chunk, false))
    const text = this.#highSurrogate + chunk
    this.#highSurrogate = /[\ud800-\udbff]$/.exec(text)?.[0] ?? ''
    return buffer(this.#page.encode(text.slice(0, text.length - this.#highSurrogate.length)))
  }
  end(): Uint8Array {
    return buffer(this.#pieces ? this.#pieces.write('', true) : this.#page.encode(this.#highSurrogate))
  }
}

/** iconv-lite hands out Buffers. */
function buffer(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
