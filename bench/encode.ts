// `mainspan encode LINES > RECORDS` beside the codec in this process on the same lines, by the CPU time of each: the command also starts, compiles,
// reads and writes. What is lost to its start, and to V8's compiling while it runs, is told apart from what each further line costs.

import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bulkDecoder } from '../src/codec/bulk/bulk-decoder.ts'
import { bulkEncoder } from '../src/codec/bulk-encode/bulk-encoder.ts'
import { byteSink } from '../src/codec/byte-sink.ts'
import { type RecordCodec, recordCodec } from '../src/codec/record-codec.ts'
import { fastFolder } from './codec-command.ts'
import { type Corpus, type CorpusName, corpus, corpusNames } from './corpora.ts'
import { childrenCpuSeconds } from './cpu.ts'
import { mebibyte, middle, table } from './measure.ts'

const aim = 0.9
const program = fileURLToPath(new URL('../src/mainspan.cjs', import.meta.url))

/** CPU seconds of one round. */
interface Round {
  /** `encodeJson` for each line in memory. */
  readonly library: number
  /** All lines in memory at once, as the command encodes them. */
  readonly atOnce: number
  /** The command on one line, on the first quarter of the lines, and on all. */
  readonly start: number
  readonly quarter: number
  readonly whole: number
}

/** Takes lines of 64 MiB of records; `--mib=N` takes others, `--quick` 1 MiB once; names of corpora take only those. */
export async function bench(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick')
  const size = quick ? 1 : Number(args.find((arg) => arg.startsWith('--mib='))?.slice(6) ?? 64)
  const chosen = corpusNames.filter((name) => args.includes(name))
  const heading = ['CPU s', 'library', 'at once', 'start', 'command', '× library', 'once warm', 'aim', 'spread']
  const rows = (chosen.length > 0 ? chosen : corpusNames).map((name) => {
    const given = corpus(name, size * mebibyte)
    return rowOf(name, roundsOf(given, quick ? 1 : 7))
  })
  console.log(table([heading, ...rows]))
  console.log(
    '× library: the command without its start beside the library; once warm: the last three quarters of the lines',
  )
}

function rowOf(name: CorpusName, rounds: readonly Round[]): string[] {
  const seconds = (time: (round: Round) => number) => middle(rounds.map(time)).seconds.toFixed(2)
  const speed = middle(rounds.map(({ library, start, whole }) => library / beyond(whole, start)))
  const warm = middle(rounds.map(({ library, quarter, whole }) => (0.75 * library) / beyond(whole, quarter)))
  return [
    name,
    seconds(({ library }) => library),
    seconds(({ atOnce }) => atOnce),
    seconds(({ start }) => start),
    seconds(({ whole }) => whole),
    speed.seconds.toFixed(2),
    warm.seconds.toFixed(2),
    `≥ ${aim}`,
    `${(speed.spread * 100).toFixed(0)} %`,
  ]
}

/** What a run takes longer than a shorter one. */
const beyond = (run: number, shorter: number): number => Math.max(run - shorter, 0.001)

/** By turns, so that a machine which is slow for a while slows all. The round before the first warms up. */
function roundsOf(given: Corpus, count: number): Round[] {
  const codec = recordCodec(given.layout, { codePage: 'cp037', canonical: true })
  const pieces = linesOf(given, codec)
  const folder = mkdtempSync(join(fastFolder(8 * given.bytes.length), 'mainspan-bench-'))
  const write = (name: string, lines: readonly Uint8Array[]): string => {
    writeFileSync(join(folder, name), Buffer.concat(lines))
    return join(folder, name)
  }
  const output = join(folder, 'records')
  try {
    const [first = Buffer.alloc(0)] = pieces
    const one = write('one', [first.subarray(0, first.indexOf(newline) + 1)])
    const quarter = write('quarter', pieces.slice(0, Math.ceil(pieces.length / 4)))
    const whole = write('whole', pieces)
    const command = (lines: string) => cpuOfCommand(given.name, lines, output)
    const [library, atOnce] = [lineByLine(codec), allAtOnce(codec)]
    const round = (): Round => ({
      library: cpuOfWork(() => pieces.forEach(library)),
      atOnce: cpuOfWork(() => pieces.forEach(atOnce)),
      start: command(one),
      quarter: command(quarter),
      whole: command(whole),
    })
    round()
    return Array.from({ length: count }, round)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const newline = 0x0a

/** The records as lines, in 64 pieces of about equal size, with values only. */
function linesOf({ bytes, recordLength, records }: Corpus, codec: RecordCodec): Buffer[] {
  const [bulk, sink] = [bulkDecoder(codec), byteSink(8 * mebibyte)]
  const size = Math.ceil(records / 64) * recordLength
  const pieces: Buffer[] = []
  for (let start = 0; start < bytes.length; start += size) {
    sink.length = 0
    bulk?.decodeLines(bytes, start, Math.min(start + size, bytes.length), sink, raise)
    pieces.push(Buffer.from(sink.bytes.subarray(0, sink.length)))
  }
  return pieces
}

function raise(error: unknown): void {
  throw error
}

function lineByLine(codec: RecordCodec): (lines: Buffer) => void {
  const sink = byteSink(2 * mebibyte)
  return (lines) => {
    sink.length = 0
    let start = 0
    for (let end = lines.indexOf(newline); end >= 0; end = lines.indexOf(newline, start)) {
      codec.encodeJson(lines.subarray(start, end), sink)
      start = end + 1
    }
  }
}

function allAtOnce(codec: RecordCodec): (lines: Buffer) => void {
  const [bulk, sink] = [bulkEncoder(codec), byteSink(2 * mebibyte)]
  if (!bulk) throw new Error('the lines cannot be encoded at once')
  return (lines) => {
    sink.length = 0
    bulk.encodeLines(lines, sink, () => raise(new Error('a line is left')))
  }
}

/** CPU seconds of this process, all its threads together. */
function cpuOfWork(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000_000
}

/** CPU seconds of the command. Throws where it does not end well. */
function cpuOfCommand(name: CorpusName, lines: string, output: string): number {
  const copybook = fileURLToPath(new URL(`./corpora/${name}.cpy`, import.meta.url))
  const into = openSync(output, 'w')
  const before = childrenCpuSeconds()
  const args = [program, 'encode', '--copybook', copybook, '--format', 'F', lines]
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', into, 'inherit'] })
  closeSync(into)
  if (status !== 0) throw new Error(`mainspan encode ended with ${status}`)
  return childrenCpuSeconds() - before
}
