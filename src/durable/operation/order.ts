// What Temporal is told to start for an operation. It lies in the row, so that every gateway can go on with it.

import { randomBytes } from 'node:crypto'
import { flowContract, type OperationStart, type Patience, type StartRequest } from '../../contract/durable.ts'
import type { OperationRow } from '../../contract/store.ts'
import type { DurableSettings } from '../settings.ts'

/** A start as the row of the operation holds it. */
export interface StartOrder {
  readonly workflowType: string
  readonly start: Omit<OperationStart, 'patience'> & { readonly patience?: Partial<Patience> }
  readonly summary: string
}

/** 200 bytes are the most that Temporal takes. */
const summaryLength = 66

/** The order for a request, made once; `salt` and `requestedAt` are the same on every attempt. */
export function orderFor({ workflowType, start, summary }: StartRequest, { patience }: DurableSettings): StartOrder {
  return {
    workflowType,
    summary: summary.slice(0, summaryLength),
    start: {
      ...start,
      contract: flowContract,
      requestedAt: new Date().toISOString(),
      salt: randomBytes(12).toString('base64url'),
      ...(patience && { patience }),
    },
  }
}

/** The order in a row. */
export const orderOf = ({ start }: Pick<OperationRow, 'start'>) => start as StartOrder
