// The records that `schema` and `types` describe: those of a copybook; with --select those of a file of several types, with --parent nested.

import type { Layout } from '../../cobol/layout.ts'
import type { Plan } from '../../codec/plan/plan.ts'
import { recordCodec } from '../../codec/record-codec.ts'
import { type Copybook, compileText, pageOf, selectedLayouts } from '../../dataset/record/copybook.ts'
import type { ParentRequest } from '../../dataset/record/request.ts'
import { hierarchyOf } from '../../dataset/segment/hierarchy.ts'
import type { Invocation } from '../command.ts'
import { codecRequest } from './codec-request.ts'
import { printMistake, wantedLayouts } from './compiled-copybook.ts'
import { compilerRequest, copybookText, recordName } from './copybook-request.ts'
import { withFileDescription } from './file-description.ts'
import { parentRequests, selectRequests } from './records-request.ts'

/** A record, and what decode adds to its JSON. */
export interface DescribedRecord {
  readonly name: string
  readonly plan: Plan
  /** Its `$record`; undefined where all records are of one type. */
  readonly tag: string | undefined
  /** The records that may be in its `$children`; none where it has no such member. */
  readonly children: readonly string[]
  /** Whether a line of JSON may be one. */
  readonly isRoot: boolean
}

/** In the order of the copybook. Throws the mistakes of copybook and options. */
export function describedRecords(path: string, given: Invocation['options']): [Copybook, readonly DescribedRecord[]] {
  const options = withFileDescription(given)
  const [select, parents] = [selectRequests(options), parentRequests(options)]
  const hierarchy = hierarchyOf(parents, select)
  const request = { copybook: copybookText(path, options), compiler: compilerRequest(options) }
  const copybook = compileText({ ...request, record: recordName(options), select }, printMistake)
  const codec = codecRequest(options)
  const settings = { ...codec, codePage: pageOf(copybook, codec.codePage), canonical: options.canonical === true }
  const layouts = select.length > 0 ? selectedLayouts(copybook, select) : wantedLayouts(copybook, options)
  const records = layouts.map((layout) => ({
    name: layout.name,
    plan: recordCodec(layout, settings).plan,
    tag: select.length > 0 ? layout.name : undefined,
    children: childrenOf(layout, parents, layouts),
    isRoot: hierarchy.parentOf(layout.name) === undefined,
  }))
  return [copybook, records]
}

function childrenOf({ name }: Layout, parents: readonly ParentRequest[], layouts: readonly Layout[]): string[] {
  const children = new Set(parents.filter(({ parent }) => parent === name).map(({ child }) => child))
  return layouts.map((layout) => layout.name).filter((one) => children.has(one))
}
