// A sketch of GraphQL's translator: the name of a field and its arguments in, `data` or `errors` out. Parsing a query is not its subject.

import type { Caller } from '../../src/contract/call.ts'
import type { Catalog } from '../../src/contract/catalog.ts'
import type { Operations } from '../../src/contract/durable.ts'
import type { JsonValue } from '../../src/contract/json.ts'
import { failure, isFailure } from '../../src/error/failure.ts'
import { type Answer, answerOf, answerOfRead, type Refusal, refusalOf } from '../../src/operation/answer.ts'
import { noAudit } from '../../src/operation/audit.ts'
import { expressLane, expressTransaction } from '../../src/operation/express.ts'
import { validated } from '../../src/operation/input.ts'
import { invoke } from '../../src/operation/invoke.ts'
import type { Identify } from '../../src/operation/principal.ts'
import { stopping } from '../../src/operation/stopping.ts'
import { ended } from '../../src/operation/wait.ts'

interface Context {
  readonly requestId: string
}

interface Parts {
  readonly catalog: Catalog
  readonly operations: Operations
  readonly caller: Caller
  readonly identify: Identify<Context>
}

export function sketch({ catalog, operations, caller, identify }: Parts) {
  const express = expressLane(caller, 10)
  const waiting = { operations, stopping: stopping() }

  async function run(name: string, input: JsonValue, context: Context): Promise<[Answer, string?]> {
    const operation = catalog.operations.find((one) => one.name === name)
    if (!operation) throw failure('OPERATION_UNKNOWN', { operation: name })
    const principal = await identify(context)
    const checked = validated(operation, input)
    if ('issues' in checked) throw failure('INPUT_INVALID', { mistakes: checked.issues.length })
    const transaction = expressTransaction(operation)
    if (transaction) return [answerOfRead((await express.read(transaction, checked.input)).outcome)]
    const { requestId } = context
    const asked = { operation, input: checked.input, principal, key: requestId, requestId }
    const { id } = await invoke({ operations, audit: noAudit }, asked)
    return [answerOf((await ended(waiting, id, 50)) ?? { state: 'running' }), id]
  }

  return async (name: string, input: JsonValue, context: Context): Promise<object> => {
    try {
      const [answer, operation] = await run(name, input, context)
      if (answer.is === 'refused') return refused(answer.refusal)
      const data = { [name]: answer.is === 'completed' ? answer.output : null }
      return answer.is === 'open' ? { data, extensions: { operation, state: answer.state } } : { data }
    } catch (error) {
      return refused(refusalOf(isFailure(error) ? error : failure('DOOR_FAULT', {}, { cause: error })))
    }
  }
}

const refused = ({ detail, ...extensions }: Refusal) => ({ errors: [{ message: detail, extensions }] })
