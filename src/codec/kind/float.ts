// placeholder
import type { Kind } from './kind.ts'
import { opaque } from './opaque.ts'
export function float(length: number, _format: 'HFP' | 'IEEE', _little: boolean): Kind {
  return opaque(length)
}
