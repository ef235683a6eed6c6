// mainspan support: what is supported, and the tests that prove it.

import { failure } from '../../error/failure.ts'
import type { Command } from '../command.ts'
import { type SupportRow, supportMatrix } from './support-matrix.ts'

/** `mainspan support`: the support matrix. Exit code 1 when a feature that is shown is not supported. */
export const support: Command = {
  name: 'support',
  summary: 'Print the support matrix: each feature with the tests that prove it',
  usage: 'support [WORD] [--json]; exit code 1 when a feature that is shown is not supported',
  help: { json: 'print an array of { area, feature, supported, missing, tests }' },
  options: { json: { type: 'boolean' } },
  run: async ({ options, positionals }) => {
    const word = (positionals[0] ?? '').toLowerCase()
    const rows = supportMatrix.filter(({ area, feature }) => `${area} ${feature}`.toLowerCase().includes(word))
    if (rows.length === 0) {
      throw failure('COMMAND_LINE_INVALID', { problem: `no feature has '${word}' in its words` })
    }
    process.stdout.write(options.json ? `${JSON.stringify(rows.map(asJson), null, 2)}\n` : table(rows))
    return rows.some(({ state }) => state !== 'yes') ? 1 : 0
  },
}

function asJson({ area, feature, state, tests }: SupportRow): object {
  return { area, feature, supported: state === 'yes', ...(state === 'yes' ? {} : state), tests }
}

function table(rows: readonly SupportRow[]): string {
  const width = Math.max(0, ...rows.map(({ feature }) => feature.length))
  const lines: string[] = []
  for (const [at, { area, feature, state, tests }] of rows.entries()) {
    if (rows[at - 1]?.area !== area) lines.push(...(at > 0 ? [''] : []), area.toUpperCase())
    const [first = '', ...others] = state === 'yes' ? tests.map((one) => `test/${one}`) : [`not yet: ${state.missing}`]
    lines.push(`  ${state === 'yes' ? '✓' : '·'} ${feature.padEnd(width)}  ${first}`)
    lines.push(...others.map((one) => `    ${''.padEnd(width)}  ${one}`))
  }
  const supported = rows.filter(({ state }) => state === 'yes').length
  return `${lines.join('\n')}\n\n${supported} of ${rows.length} features supported\n`
}
