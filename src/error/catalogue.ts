// The catalogue of every error that the product raises, one family a file. Documented in docs/errors.md, which is generated from here.

import { catalogErrors } from './catalog-errors.ts'
import { coreErrors } from './core-errors.ts'
import { copybookErrors } from './data/copybook-errors.ts'
import { recordErrors } from './data/record-errors.ts'
import { brokerErrors } from './edge/broker-errors.ts'
import { edgeErrors } from './edge/edge-errors.ts'
import { guardErrors } from './edge/guard-errors.ts'
import { flowErrors } from './flow-errors.ts'
import { localErrors } from './local-errors.ts'
import { storeErrors } from './store-errors.ts'
import { versionErrors } from './version-errors.ts'

/** Every error by its code. Codes are permanent. */
export const catalogue = {
  ...copybookErrors,
  ...recordErrors,
  ...catalogErrors,
  ...coreErrors,
  ...flowErrors,
  ...storeErrors,
  ...edgeErrors,
  ...guardErrors,
  ...brokerErrors,
  ...localErrors,
  ...versionErrors,
} as const

/** The rows by code, with the facts that each message takes. */
export type Catalogue = typeof catalogue
/** A code of the catalogue. */
export type Code = keyof Catalogue
