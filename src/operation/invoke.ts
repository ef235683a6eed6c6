// The one way to start an operation: by REST, by command, or by any other API.

import type { ResolvedOperation } from '../contract/catalog.ts'
import { type OperationStart, type Operations, type StartRequest, transactionStart } from '../contract/durable.ts'
import type { JsonObject } from '../contract/json.ts'
import { type Audit, callerOf } from './audit.ts'
import { ownerOf, type Principal } from './principal.ts'

/** A validated request for an operation. */
export interface OperationInvocation {
  readonly operation: ResolvedOperation
  /** As `validated` gave it. */
  readonly input: JsonObject
  readonly principal: Principal
  /** What makes the same request the same: the Idempotency-Key, or the message id. */
  readonly key: string
  /** What the audit knows the request by; never the key. */
  readonly requestId: string
  /** Where the answer of a command goes. */
  readonly replyTo?: OperationStart['replyTo']
}

/** `started` is false when the same request came before, and this one joins it. */
export interface Invoked {
  readonly id: string
  readonly started: boolean
}

/** What an invocation stands on. */
export interface InvokeParts {
  readonly operations: Pick<Operations, 'start' | 'idOf'>
  readonly audit: Audit
}

/**
 * Starts the operation, or joins the one of the same key; before that the audit has it, durably. From the start on there is no answer that
 * leaves the caller in doubt. Throws what `Operations.start` throws, and STORE_UNAVAILABLE with nothing begun.
 */
export async function invoke({ operations, audit }: InvokeParts, invocation: OperationInvocation): Promise<Invoked> {
  const request = requestOf(invocation)
  const { operation, principal, requestId } = invocation
  await audit.keep({
    ...{ event: 'asked', api: principal.door, requestId, ...callerOf(principal) },
    ...{ operation: operation.name, version: operation.version, operationId: operations.idOf?.(request) },
  })
  return operations.start(request)
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
