// The data converter that gateway and worker must share: payload encryption, failures included.

import { fileURLToPath } from 'node:url'
import type { DataConverter } from '@temporalio/common'
import type { PayloadKey } from '../settings.ts'
import { payloadCodec } from './payload-codec.ts'

/** Also named when workflow code is bundled: the sandbox converts failures by itself. */
export const failureConverterPath = fileURLToPath(new URL('failure-converter.cjs', import.meta.url))

/** Temporal's data converter for these keys; without keys payloads stay in clear. */
export function dataConverter(keys: readonly PayloadKey[] = []): DataConverter {
  const [first, ...others] = keys
  return { failureConverterPath, payloadCodecs: first ? [payloadCodec([first, ...others])] : [] }
}
