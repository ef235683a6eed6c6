// What compilers do otherwise than IBM's: sizes and boundaries of binary items, lengths of names.

import type { CompilerOptions } from './layout.ts'

/** What one dialect has of its own. */
export interface DialectRules {
  /** Most characters of a data name. */
  readonly nameLength: number
  /** Most digits of a binary number. */
  readonly binaryDigits: number
  /** Bytes of binary numbers: 2, 4, 8; also 1 for up to two digits; or as few as hold the digits. */
  readonly binarySizes: '2-4-8' | '1-2-4-8' | '1--8'
  /** Bytes of COMP-5, where they are others. */
  readonly nativeSizes: DialectRules['binarySizes']
  /** SYNCHRONIZED: 8-byte numbers on a word; every number on its own length; or without effect. */
  readonly alignment: 'word' | 'length' | 'none'
  /** TRUNC where nothing is said. */
  readonly trunc: CompilerOptions['trunc']
}

/** GnuCOBOL with -std=ibm, mvs or bs2000: IBM's sizes, its own boundaries and COMP-5. */
const hostLike: DialectRules = {
  nameLength: 63,
  binaryDigits: 38,
  binarySizes: '2-4-8',
  nativeSizes: '1-2-4-8',
  alignment: 'length',
  trunc: 'BIN',
}

/** The rules of each dialect by the value of the option. */
export const dialects: Readonly<Record<CompilerOptions['dialect'], DialectRules>> = {
  ibm: {
    nameLength: 30,
    binaryDigits: 18,
    binarySizes: '2-4-8',
    nativeSizes: '2-4-8',
    alignment: 'word',
    trunc: 'STD',
  },
  gnucobol: {
    nameLength: 63,
    binaryDigits: 38,
    binarySizes: '1-2-4-8',
    nativeSizes: '1-2-4-8',
    alignment: 'length',
    trunc: 'STD',
  },
  'gnucobol-ibm': hostLike,
  'gnucobol-mvs': hostLike,
  'gnucobol-bs2000': { ...hostLike, trunc: 'STD' },
  // Micro Focus, Language Reference: SYNCHRONIZED has an effect only with the directive IBMCOMP, whose sizes are others.
  microfocus: {
    nameLength: 63,
    binaryDigits: 38,
    binarySizes: '1--8',
    nativeSizes: '1--8',
    alignment: 'none',
    trunc: 'STD',
  },
}
