// A team's project in a folder of its own: the flow transferFunds with what it needs, and what a test changes in it.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const checkout = fileURLToPath(new URL('../..', import.meta.url))

export interface Project {
  readonly root: string
  /** Replaces text in a file; fails where the text is not there. */
  edit(file: string, changes: Readonly<Record<string, string>>): void
  write(file: string, text: string): void
  remove(): void
}

const files = [
  'adapters/deposits.ts',
  'adapters/deposits.records.ts',
  'workflows/transfer-funds.ts',
  'workflows/transfer-funds.operation.ts',
  'copybooks/deposits',
]

/** A new folder each time, as on a new machine. The product itself is this checkout's. */
export function project(): Project {
  const root = mkdtempSync(join(tmpdir(), 'mainspan-project-'))
  for (const file of files) cpSync(join(checkout, file), join(root, file), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }\n')
  for (const shared of ['src', 'node_modules']) symlinkSync(join(checkout, shared), join(root, shared))
  const write = (file: string, text: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return {
    root,
    write,
    edit: (file, changes) => {
      let text = readFileSync(join(root, file), 'utf8')
      for (const [before, after] of Object.entries(changes)) {
        if (!text.includes(before)) throw new Error(`${file} does not hold ${before}`)
        text = text.replaceAll(before, after)
      }
      write(file, text)
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** Reads an account before the debit, as the flow of the new release does. */
export function insertRead({ edit }: Project): void {
  edit('workflows/transfer-funds.ts', {
    '  const debit = await': `  await steps.call(deposits.inquireAccount, { accountNumber: order.from })\n  const debit = await`,
  })
}

/** The copybook of POSTENT with a field renamed, and adapter and flow that go with it. */
export function renameBalance({ edit }: Project): void {
  edit('copybooks/deposits/POSTENT.cpy', { 'PE-BALANCE': 'PE-LEDGER' })
  edit('adapters/deposits.ts', { "'PE-BALANCE'": "'PE-LEDGER'" })
  edit('adapters/deposits.records.ts', { '/** PE-BALANCE': '/** PE-LEDGER' })
  edit('workflows/transfer-funds.ts', { '.balance': '.ledger' })
}
