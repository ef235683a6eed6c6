// npm run chaos -- --operations N --seed S [--minutes M] [--resume FOLDER] [--standstill]: the fault run as a command.

import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ChaosResult, keepOptions, keptOptions, runChaos } from './chaos.ts'
import { standstillPoints } from './standstill.ts'

const usage =
  'usage: npm run chaos -- [--operations 5000] [--seed 1] [--minutes 60] [--resume FOLDER] [--without DISASTER,…] | --standstill [--seconds 45] [--calls 50]'

/** Runs and prints; gives the exit code: 0 right and whole, 1 wrong, 2 wrong command line, 3 right so far, to be resumed. */
export async function chaos(args: readonly string[], root: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      operations: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '60' },
      every: { type: 'string' },
      lanes: { type: 'string' },
      drain: { type: 'string' },
      resume: { type: 'string' },
      without: { type: 'string' },
      standstill: { type: 'boolean' },
      seconds: { type: 'string', default: '45' },
      calls: { type: 'string', default: '50' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 2
  }
  const folder = values.resume ?? newFolder()
  const began = performance.now()
  const report = (line: string) =>
    console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`)
  const operations = values.standstill ? 20 : Number(values.operations)
  const wished = { operations, seed: Number(values.seed) }
  if (!values.resume) keepOptions(folder, wished)
  const result = await runChaos({
    ...keptOptions(folder),
    root,
    folder,
    minutes: Number(values.minutes),
    ...(values.standstill && {
      standstill: { points: standstillPoints, calls: Number(values.calls), stopMs: Number(values.seconds) * 1000 },
    }),
    ...(values.every !== undefined && { every: Number(values.every) }),
    ...(values.lanes !== undefined && { lanes: Number(values.lanes) }),
    ...(values.drain !== undefined && { drainSeconds: Number(values.drain) }),
    ...(values.without !== undefined && { without: values.without.split(',') as never }),
    report,
  })
  print(result, folder, keptOptions(folder).seed)
  if (!result.isRight) return 1
  return result.isWhole ? 0 : 3
}

/** In memory where there is a place for it: Temporal syncs each commit, and a killed process keeps what it wrote there. */
function newFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mainspan-chaos-'))
}

function print(
  { summary, findings, controls, notRun, isWhole, verdict }: ChaosResult,
  folder: string,
  seed: number,
): void {
  console.log(`${summary.table}\n`)
  for (const { name, caught } of controls) if (!caught) console.log(`not caught: ${name}`)
  for (const one of notRun) console.log(`not run: ${one} (needs root and a mount)`)
  for (const { rule, op, story } of findings.slice(0, 40))
    console.log(`${rule}: ${op === undefined ? '' : `order ${op}: `}${story}`)
  if (findings.length > 40) console.log(`and ${findings.length - 40} more`)
  if (findings.length > 0) console.log(`seed ${seed}; the stories are in ${join(folder, 'findings.txt')}`)
  if (!isWhole) console.log(`the time was over: go on with npm run chaos -- --resume ${folder}`)
  console.log(verdict)
}
