// What the compiler is given beside the text: IBM's compiler options, the reference format, the copy library, and limits against hostile text.

import { dialects } from './dialects.ts'
import type { CompilerOptions } from './layout.ts'

/** A text with the name that messages show for it (a path, or what the user typed). */
export interface Source {
  readonly name: string
  readonly text: string
  /** Where it lies, if the name may be written in several ways. */
  readonly path?: string
}

/** Fixed: columns 1–6 sequence, 7 indicator, 8–72 text. Variable: the same without a right margin. Free: no columns. */
export type ReferenceFormat = 'fixed' | 'variable' | 'free'

/** Bounds on what one compilation may cost. Each has an error code of its own. */
export interface Limits {
  /** Characters of one source text. */
  readonly textLength: number
  /** Words after COPY and REPLACE, of all members together. */
  readonly words: number
  /** Data description entries. */
  readonly entries: number
  /** COPY inside COPY. */
  readonly copyDepth: number
  /** >>IF and >>EVALUATE inside each other, and parentheses in their conditions. */
  readonly directiveDepth: number
  /** Bytes of one record. */
  readonly recordLength: number
  /** Mistakes after which the compiler stops. */
  readonly mistakes: number
}

/** Finds a member for COPY: `library` is the word after OF or IN, `from` the text that holds the COPY statement. */
export type Library = (member: string, library: string | undefined, from: Source) => Source | undefined

/** How a program was compiled, as far as its records depend on it. */
export interface ProgramOptions extends CompilerOptions {
  /** Compilation variables for >>IF and >>EVALUATE by name, as IBM's option DEFINE gives them: texts, integers, booleans. */
  readonly define: Readonly<Record<string, string | number | boolean>>
}

/** How the text is to be read, beside how the program was compiled. `format` `auto`: the reference format is detected. */
export interface CompileOptions extends ProgramOptions {
  /** The records that are wanted; mistakes in others do not matter then. Undefined: all. */
  readonly records: readonly string[] | undefined
  readonly format: 'auto' | ReferenceFormat
  readonly library: Library
  readonly limits: Partial<Limits>
}

/** The options that take one of a few words: for the command line, too. */
export const optionWords = {
  dialect: ['ibm', 'gnucobol', 'microfocus', 'gnucobol-ibm', 'gnucobol-mvs', 'gnucobol-bs2000'],
  trunc: ['STD', 'OPT', 'BIN'],
  numproc: ['NOPFD', 'PFD'],
  zonedata: ['PFD', 'NOPFD', 'MIG'],
  arith: ['COMPAT', 'EXTEND'],
  nsymbol: ['NATIONAL', 'DBCS'],
  float: ['HFP', 'IEEE'],
  endian: ['big', 'little'],
} as const satisfies { readonly [O in keyof CompilerOptions]?: readonly CompilerOptions[O][] }

/** Every option by IBM's name, with the values that it takes; none where any of its type will do. */
export const optionValues = {
  ...optionWords,
  lp: [32, 64],
  decimalPointIsComma: [true, false],
  currencySign: [],
  currencySymbol: [],
  define: [],
} as const satisfies { readonly [O in keyof Required<ProgramOptions>]: readonly ProgramOptions[O][] }

const LIMITS: Limits = {
  textLength: 8_000_000,
  words: 1_000_000,
  entries: 50_000,
  copyDepth: 32,
  directiveDepth: 32,
  recordLength: 134_217_727,
  mistakes: 100,
}

/** All options, with defaults: IBM's, except that 31 digits are accepted (ARITH changes no layout, only what is refused). */
export interface ResolvedOptions extends CompileOptions {
  readonly limits: Limits
}

/** Fills what was not given with the default of the dialect. Limits are merged one by one. */
export function resolveOptions(options: Partial<CompileOptions>): ResolvedOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null))
  const mainframe = (options.dialect ?? 'ibm') === 'ibm'
  return {
    dialect: 'ibm',
    trunc: dialects[options.dialect ?? 'ibm'].trunc,
    numproc: 'NOPFD',
    zonedata: 'PFD',
    arith: 'EXTEND',
    nsymbol: 'NATIONAL',
    lp: mainframe ? 32 : 64,
    float: mainframe ? 'HFP' : 'IEEE',
    endian: 'big',
    decimalPointIsComma: false,
    currencySign: '$',
    format: 'auto',
    library: () => undefined,
    records: undefined,
    define: {},
    ...given,
    limits: { ...LIMITS, ...options.limits },
  }
}

/** The part of the options that a layout carries. */
export function layoutOptions({
  define,
  records,
  format,
  library,
  limits,
  ...carried
}: ResolvedOptions): CompilerOptions {
  return carried
}
