// What befalls whole processes: they are stopped and killed, their ports close, their disk is full, their code changes.

import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Injected } from './ledger.ts'
import type { Disaster } from './schedule.ts'
import type { World } from './world.ts'

/** Longer than a core's deadline and quiescence: a process that stood still so long may send late. */
const longStopMs = 3000

/** Lets it happen and undoes it; gives what was injected, for the operations that were open. */
export async function happen(
  disaster: Disaster,
  world: World,
  projects: readonly string[],
  ops: readonly number[],
): Promise<Injected> {
  switch (disaster.does) {
    case 'stop': {
      const kept = (disaster.part === 'worker' ? world.workers : world.gateways)[disaster.which]
      const resume = kept.stop()
      await sleep(disaster.ms)
      resume()
      const long = disaster.ms > longStopMs
      const what = `${disaster.part} stopped ${long ? 'long' : 'shortly'}`
      return { what, ops, ...(disaster.part === 'worker' && { doubt: true, ...(long && { beyond: true }) }) }
    }
    case 'kill': {
      const kept = processOf(disaster, world)
      kept.kill()
      await sleep(1000)
      await kept.serving()
      return { what: `${disaster.part} killed`, ops, doubt: disaster.part === 'worker' || disaster.part === 'bank' }
    }
    case 'close-port': {
      const gate = world.gates[disaster.part]
      await gate.shut()
      await sleep(disaster.ms)
      await gate.open()
      return { what: `port of ${disaster.part} closed`, ops }
    }
    case 'stall': {
      const gate = world.gates[disaster.part]
      gate.stall()
      await sleep(disaster.ms)
      gate.flow()
      return { what: `${disaster.part} silent`, ops }
    }
    case 'bank-down': {
      const up = await world.bank.control.add({ fault: 'down' })
      await sleep(disaster.ms)
      await up()
      return { what: 'bank down', ops, doubt: true }
    }
    case 'silent-inquiries':
      await silentInquiries(world, disaster.ms)
      return { what: `inquiries refused ${disaster.ms > 10_000 ? 'long' : 'shortly'}`, ops }
    case 'fill-disk':
      await filledDisk(join(world.folder, disaster.part === 'bank' ? 'cores' : 'postgresql'), disaster.ms)
      return { what: `disk of ${disaster.part} full`, ops, doubt: disaster.part === 'bank' }
    case 'change-flow':
      await changedFlow(world, projects)
      return { what: 'flow changed', ops }
  }
}

function processOf({ part, which }: Extract<Disaster, { does: 'kill' }>, world: World) {
  switch (part) {
    case 'worker':
      return world.workers[which]
    case 'gateway':
      return world.gateways[which]
    case 'bank':
    case 'customers':
      return world[part].kept
    default:
      return world.parts[part]
  }
}

async function silentInquiries({ bank, customers }: World, ms: number): Promise<void> {
  const [one, other] = await Promise.all([
    bank.control.add({ fault: 'refuse', program: 'FNDENT' }),
    customers.control.add({ fault: 'http-500', program: 'FindRequest' }),
  ])
  await sleep(ms)
  await Promise.all([one(), other()])
}

async function filledDisk(folder: string, ms: number): Promise<void> {
  const filler = join(folder, 'filler')
  const piece = Buffer.alloc(1024 * 1024)
  try {
    for (let written = 0; written < diskMegabytes; written += 1) appendFileSync(filler, piece)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
  await sleep(ms)
  rmSync(filler, { force: true })
}

const diskMegabytes = 300

/** A small disk of its own for a folder, where this user may mount one. False: full disks are not run. */
export function smallDisk(folder: string): boolean {
  mkdirSync(folder, { recursive: true })
  if (process.getuid?.() !== 0) return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m,mode=755`, 'tmpfs', folder], {
      stdio: 'ignore',
    })
  } catch {
    // A container that may not mount.
    return false
  }
  if (existsSync(`${folder}.kept`)) execFileSync('cp', ['-a', `${folder}.kept/.`, folder])
  return true
}

/** Takes the disk away; what was on it is kept beside it, where the next part of the run finds it. */
export function giveBackDisk(folder: string): void {
  rmSync(`${folder}.kept`, { recursive: true, force: true })
  execFileSync('cp', ['-a', folder, `${folder}.kept`])
  execFileSync('umount', [folder])
}

async function changedFlow(world: World, projects: readonly string[]): Promise<void> {
  const next = projects[(projects.indexOf(world.project()) + 1) % projects.length]
  if (next === undefined) return
  world.serve(next)
  for (const worker of world.workers) {
    worker.kill()
    await sleep(1000)
    await worker.serving()
  }
}

/** A copy of the project whose transfer reads the account first. */
export function changedProject(root: string, folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const name of ['adapters', 'workflows', 'copybooks'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  for (const name of ['src', 'node_modules', 'dist', 'package.json']) {
    if (!existsSync(join(folder, name))) symlinkSync(join(root, name), join(folder, name))
  }
  const flow = join(folder, 'workflows', 'transfer-funds.ts')
  const text = readFileSync(flow, 'utf8')
  const changed = text.replace(
    '  const debit =',
    '  await steps.call(deposits.inquireAccount, { accountNumber: order.from })\n  const debit =',
  )
  if (changed === text) throw new Error('the flow has no debit to read before')
  writeFileSync(flow, changed)
  return folder
}
