// placeholder
import type { Item } from '../../cobol/layout.ts'
import type { Kind } from '../kind/kind.ts'
import type { StorageContext } from '../kind/kind-of-item.ts'
import { text } from './text.ts'

export function numericEdited(item: Item, { page }: StorageContext): Kind {
  return text(item.length, page, false)
}
export function textEdited(item: Item, { page }: StorageContext): Kind {
  return text(item.length, page, false)
}
