// The negative control: what most middleware does. It calls the bank through the same proxy and, when no answer comes, calls again.

import { postent } from '../mainframe/deposits.ts'
import { textOf } from '../mainframe/host.ts'
import { callOnce } from '../mainframe/trm-client.ts'
import { check } from './checker.ts'
import { trmFramer } from './framers.ts'
import { type Book, type Final, type Order, openBook, type Told } from './ledger.ts'
import { linksOf } from './links.ts'
import { startProxy } from './proxy.ts'
import type { Control } from './report.ts'
import type { LinkFault, PlannedOrder } from './schedule.ts'
import { type CoreBox, effectsOf } from './world.ts'

const deadlineMs = 700
const tries = 3

/** Some entries under faults of the link. A checker that does not catch it doubling is worth nothing. */
export async function naiveControl(
  bank: Pick<CoreBox, 'port' | 'control'>,
  folder: string,
  journals: string,
): Promise<Control[]> {
  const book = openBook(folder)
  const links = linksOf(book)
  const proxy = await startProxy({
    target: () => bank.port,
    framer: trmFramer,
    disturb: links.disturb,
    request: (exchange) => links.request(bank.control, exchange),
  })
  try {
    const orders = faults.map((fault, at) => plannedEntry(at, fault))
    const finals: Final[] = []
    for (const planned of orders) {
      links.arm(planned)
      finals.push(await naiveEntry(book, proxy.port, planned.order))
    }
    // What the link still holds arrives.
    await new Promise((resume) => setTimeout(resume, 1500))
    const own = new Set(orders.map(({ order }) => order.amount))
    const effects = effectsOf(journals, () => undefined).filter(({ amount }) => own.has(amount))
    const findings = check({
      orders: orders.map(({ order }) => order),
      told: book.read('told'),
      effects,
      events: [],
      faults: book.read('fault'),
      acts: [],
      finals,
    })
    return [
      { name: 'naive middleware: doubled', caught: findings.some(({ rule }) => rule === 'doubled') },
      { name: 'naive middleware: untrue refusal', caught: findings.some(({ rule }) => rule === 'untrue refusal') },
    ]
  } finally {
    await proxy.close()
  }
}

const common = { target: 'POSTENT' } as const
const faults: readonly LinkFault[] = [
  { ...common, point: 'before-commarea', does: 'hold', ms: 1200 },
  { ...common, point: 'after-commarea', does: 'lose' },
  { ...common, point: 'before-reply', does: 'reset' },
  { ...common, point: 'mid-reply', does: 'cut' },
]

function plannedEntry(at: number, link: LinkFault): PlannedOrder {
  const order: Order = {
    op: at,
    kind: 'entry',
    door: 'rest',
    key: `naive-${at}`,
    from: '1000000004',
    direction: 'C',
    amount: `${7000 + at}.77`,
    currency: 'EUR',
  }
  // The last one meets a fault with every try, and gives up.
  const links = at === faults.length - 1 ? Array.from({ length: tries }, () => link) : [link]
  return { is: 'order', order, waitSeconds: 0, rude: false, answer: 'none', copies: 1, links, cores: [] }
}

async function naiveEntry(book: Book, port: number, order: Order): Promise<Final> {
  const { op, from: account, amount } = order
  const reference = `NAIVE${op}`
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const late = new Promise<undefined>((resume) => setTimeout(() => resume(undefined), deadlineMs))
    const answer = await Promise.race([callOnce(port, 'POSTENT', postent({ reference, account, amount })), late])
    if (answer?.kind === 'commarea' && textOf(answer.bytes.subarray(67, 69)) === 'OK') {
      const receipt = { entryNumber: String(answer.bytes.readUInt32BE(69)) }
      return told(book, { op, by: 'http', http: 201, state: 'completed', receipt })
    }
  }
  return told(book, { op, by: 'http', http: 504, state: 'failed', code: 'NO_ANSWER' })
}

function told(book: Book, line: Told): Final {
  book.write('told', line)
  return { op: line.op, state: line.state }
}
