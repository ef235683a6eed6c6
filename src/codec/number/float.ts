// placeholder
import type { Kind } from '../kind/kind.ts'
import { opaque } from '../kind/opaque.ts'
export function float(length: number, _format: 'HFP' | 'IEEE', _little: boolean): Kind {
  return opaque(length)
}
