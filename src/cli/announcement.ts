// What `mainspan start` says when everything serves: where it is, what it took, and a call to try.

import { readdirSync, readFileSync } from 'node:fs'
import type { Machine } from '../local/machine.ts'

/** How a start went. */
export interface StartSummary {
  readonly url: string
  readonly folder: string
  readonly seconds: number
  /** What all processes hold together, where the system tells. */
  readonly bytes: number | undefined
}

/** What a person wants to know now: the line that says so, where everything is, and a call to try. */
export function announcement(machine: Machine, { url, folder, seconds, bytes }: StartSummary): string {
  const { temporal, rabbit, postgres, mainframe } = machine
  const body = JSON.stringify({ from: '1000000001', to: '1000000002', amount: '25.00', currency: 'EUR', text: 'Hello' })
  const rows: [string, string | undefined][] = [
    ['REST, with its documentation', `${url}/docs`],
    ['OpenAPI', `${url}/openapi.json`],
    ['Temporal UI', temporal.ui],
    ['RabbitMQ UI', rabbit.ui && `${rabbit.ui} (user guest, password guest; queue mainspan.events.recent)`],
    ['AMQP', withoutPassword(rabbit.url)],
    ['PostgreSQL', withoutPassword(postgres.url)],
    ["The bank's journal", mainframe?.bank.journal],
    ["The bank's faults", mainframe && `${mainframe.bank.control} (control port: docker/mainframe/README.md)`],
    ["The customers' journal", mainframe?.customers.journal],
    ["The customers' faults", mainframe && `${mainframe.customers.control} (control port: docker/mainframe/README.md)`],
    ['Logs', `${folder}/log`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.flatMap(([name, value]) => (value ? [`  ${name.padEnd(width)}  ${value}`] : []))
  return [
    `Mainspan is ready after ${seconds.toFixed(0)} s${bytes === undefined ? '' : `, with ${(bytes / 1e9).toFixed(2)} GB of memory in use`}`,
    '',
    ...lines,
    '',
    'Move money:',
    '',
    `curl -sS ${url}/v1/transfers -H 'content-type: application/json' -H "idempotency-key: try-$(date +%s%N)" -d '${body}'`,
    '',
    'Ctrl-C ends everything.',
  ].join('\n')
}

const withoutPassword = (url: string) => url.replace(/\/\/.*@/, '//')

/**
 * The memory of a process and of all below it: the sum of their proportional set sizes, so that shared pages count once. Undefined where
 * the system does not tell, as on macOS.
 */
export function memoryOf(pid: number): number | undefined {
  const parents = new Map<number, number>()
  for (const name of directory('/proc')) {
    const stat = /^\d+$/.test(name) ? fileText(`/proc/${name}/stat`) : undefined
    // The name in brackets may hold anything, brackets too.
    const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const isBelow = (one: number | undefined): boolean => one !== undefined && (one === pid || isBelow(parents.get(one)))
  let kilobytes = 0
  for (const one of parents.keys()) {
    if (!isBelow(one)) continue
    const [, pss = ''] = /^Pss:\s+(\d+) kB/m.exec(fileText(`/proc/${one}/smaps_rollup`) ?? '') ?? []
    kilobytes += Number(pss)
  }
  return kilobytes === 0 ? undefined : kilobytes * 1024
}

function directory(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** Undefined for what is gone by now, or may not be read. */
function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
