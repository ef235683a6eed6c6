// Registers the search attributes of operations in the namespace, where that is allowed.

import proto from '@temporalio/proto'
import type { NativeConnection } from '@temporalio/worker'
import { searchAttributes } from '../contract/durable.ts'
import { failure } from '../error/failure.ts'

const { INDEXED_VALUE_TYPE_KEYWORD: KEYWORD, INDEXED_VALUE_TYPE_DATETIME: DATETIME } =
  proto.temporal.api.enums.v1.IndexedValueType
const types = { KEYWORD, DATETIME }

/**
 * Adds those that are missing. Throws SEARCH_ATTRIBUTES_MISSING with the command that adds them where this identity may not,
 * as without them no flow could say that it is parked.
 */
export async function registerSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const known = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = Object.entries(searchAttributes).filter(([name]) => known.customAttributes[name] === undefined)
  if (missing.length === 0) return
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, types[type]])),
    })
  } catch (cause) {
    // Another worker that starts at the same moment may have been first.
    const now = await connection.operatorService.listSearchAttributes({ namespace })
    const still = missing.filter(([name]) => now.customAttributes[name] === undefined).map(([name]) => name)
    if (still.length > 0) throw failure('SEARCH_ATTRIBUTES_MISSING', { names: still.join(', '), namespace }, { cause })
  }
}
