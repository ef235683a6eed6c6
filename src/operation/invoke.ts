// The one way to start an operation: by REST, by command, or by any other API.

import type { ResolvedOperation } from '../contract/catalog.ts'
import { type OperationStart, type Operations, type StartRequest, transactionStart } from '../contract/durable.ts'
import type { JsonObject } from '../contract/json.ts'
import { ownerOf, type Principal } from './principal.ts'

/** A validated request for an operation. */
export interface OperationInvocation {
  readonly operation: ResolvedOperation
  /** As `validated` gave it. */
  readonly input: JsonObject
  readonly principal: Principal
  /** What makes the same request the same: the Idempotency-Key, or the message id. */
  readonly key: string
  /** Where the answer of a command goes. */
  readonly replyTo?: OperationStart['replyTo']
}

/** `started` is false when the same request came before, and this one joins it. */
export interface Invoked {
  readonly id: string
  readonly started: boolean
}

/** Starts the operation, or joins the one of the same key. From here on there is no answer that leaves the caller in doubt. Throws what `Operations.start` throws. */
export function invoke(operations: Pick<Operations, 'start'>, invocation: OperationInvocation): Promise<Invoked> {
  return operations.start(requestOf(invocation))
}

const cameBy: Readonly<Record<Principal['door'], string>> = { rest: 'REST', command: 'command' }

function requestOf({ operation, input, principal, key, replyTo }: OperationInvocation): StartRequest {
  const { name, version, definition, workflowType } = operation
  const { door } = principal
  return {
    start: {
      ...{ operation: name, version, input, client: ownerOf(principal), door },
      ...(replyTo && { replyTo }),
      ...transactionStart(operation, input),
    },
    workflowType,
    key,
    summary: `${definition.summary ?? `${name} v${version}`}, by ${cameBy[door]}`,
  }
}
