// A path as a story: one line a step, with the time since the customer asked.

import { type Bank, walk } from './explorer.ts'
import { type Scenario, workflowId } from './world.ts'

/** Plays a path again. Any budget does, as the list holds what is taken. */
export async function tell(
  bank: Bank,
  scenario: Scenario,
  taken: readonly number[],
  budgets: Parameters<typeof walk>[3],
): Promise<string[]> {
  const lines: string[] = []
  const names = new Map<string, string>()
  const { violations } = await walk(bank, scenario, taken, budgets, (atMs, line) => {
    lines.push(`${(atMs / 1000).toFixed(3).padStart(9)} s  ${named(line, names)}`)
  })
  for (const { what } of violations) lines.push(`           → ${named(what, names)}`)
  return lines
}

/** References are told by the order in which they come, as nobody can read them. */
function named(line: string, names: Map<string, string>): string {
  return line.replaceAll(workflowId, 'the operation').replaceAll(/\b[A-Z2-7]{16}\b/g, (reference) => {
    const name = names.get(reference) ?? `#${names.size + 1}`
    names.set(reference, name)
    return name
  })
}
