// What an operator sees of a parked operation with payloads encrypted: a refused decision in the dialog of the Temporal UI, and the
// runbook and the state through the temporal program.

import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ApplicationFailure, defaultPayloadConverter, type FailureConverter } from '@temporalio/common'
import { type Browser, chromium } from 'playwright-core'
import { type CodecServer, startCodecServer } from '../../src/durable/payload/codec-server.ts'
import { dataConverter, failureConverterPath } from '../../src/durable/payload/data-converter.ts'
import { findProgram } from '../../src/local/command.ts'
import { temporalBinary } from '../../src/local/temporal-binary.ts'
import { temporal } from '../support/parts.ts'
import { type Rig, rig, testKey } from '../support/rig.ts'
import { reset } from '../support/scripted-core.ts'

let it: Rig
let codec: CodecServer
let ui: string
let parked: string

beforeAll(async () => {
  it = await rig()
  ui = (await temporal()).ui ?? ''
  codec = await startCodecServer({ host: '127.0.0.1', port: 0, ui, payloadKeys: [testKey] })
  reset(it.core)
  it.core.onCall = ({ request }, nth) =>
    request.direction === 'C' && nth === 0 ? { do: 'lose', booked: true } : undefined
  it.core.onInquiry = () => 'ambiguous'
  parked = await it.begin('moveMoney')
  expect(await it.settled(parked)).toMatchObject({ state: 'parked' })
})
afterAll(async () => {
  await it.operations.resolve(parked, { action: 'abandon', by: 'tests', note: 'the test is over' })
  await codec.close()
  await it.close()
})

const decision = { action: 'shrug', by: 'ops.jane', note: 'why not' }
/** What the refusal says where it is shown as it is stored. */
const refusal = "'shrug' is not open here."

test('the refusal of a decision is stored in clear', async () => {
  const { payloadCodecs = [] } = dataConverter([testKey])
  const payloads = (await payloadCodecs[0]?.encode([defaultPayloadConverter.toPayload(decision)])) ?? null
  const { outcome }: { outcome?: { failure?: unknown } | null } =
    await it.client.workflowService.updateWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: parked },
      waitPolicy: { lifecycleStage: 3 },
      request: {
        meta: { updateId: 'refused-1', identity: 'tests' },
        input: { name: 'resolve', args: { payloads } },
      },
    })
  expect(outcome?.failure).toMatchObject({
    message: expect.stringContaining(refusal),
    applicationFailureInfo: { type: 'RESOLUTION_REFUSED' },
  })
})

test('every other failure is encrypted, and a refusal that has a cause', () => {
  const { failureConverter } = createRequire(import.meta.url)(failureConverterPath) as {
    failureConverter: FailureConverter
  }
  const stored = (error: ApplicationFailure) => failureConverter.errorToFailure(error, defaultPayloadConverter)
  const cause = new Error('account 1000000001')
  for (const error of [
    ApplicationFailure.nonRetryable('account 1000000001', 'ENDED_EARLY'),
    ApplicationFailure.create({ message: 'account 1000000001', type: 'RESOLUTION_REFUSED', cause }),
  ]) {
    const { message, encodedAttributes, ...rest } = stored(error)
    expect([message, encodedAttributes?.data]).toEqual(['Encoded failure', expect.anything()])
    expect(JSON.stringify(rest)).not.toContain('1000000001')
    expect(failureConverter.failureToError(stored(error), defaultPayloadConverter).message).toBe(error.message)
  }
  const plain = stored(ApplicationFailure.nonRetryable('not open here', 'RESOLUTION_REFUSED'))
  expect(plain.message).toBe('not open here')
  expect(failureConverter.failureToError(plain, defaultPayloadConverter)).toMatchObject({ type: 'RESOLUTION_REFUSED' })
})

async function program(...args: string[]): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const path = await temporalBinary({ root, environment: process.env, report: () => undefined })
  const where = ['--address', it.temporal.address, '--codec-endpoint', codec.url, '-w', parked]
  return (await promisify(execFile)(path, [...args, ...where])).stdout
}

test('the temporal program reads state and runbook through the codec server', async () => {
  expect(await program('workflow', 'query', '--type', 'state')).toContain('in-doubt-ambiguous')
  expect(await program('workflow', 'metadata')).toContain('confirm-applied')
})

test('the dialog of the Temporal UI shows why a decision is refused', async () => {
  const executablePath = findProgram('chromium', process.env)
  if (executablePath === undefined) throw new Error('this test needs a browser: apt-get install chromium')
  const browser: Browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
    // What the form "Codec Server" of the UI keeps for this browser.
    const kept = { endpoint: JSON.stringify(codec.url), overrideRemoteCodecConfiguration: 'true' }
    await page.addInitScript(`Object.assign(localStorage, ${JSON.stringify(kept)})`)
    await page.goto(`${ui}/namespaces/default/workflows/${parked}`)
    await page.getByRole('button', { name: 'More Actions' }).click()
    await page.getByRole('menuitem', { name: 'Send an Update' }).click()
    const dialog = page.locator('dialog[open]').filter({ hasText: 'Send an Update' })
    await dialog.getByTestId('update-select-button').click()
    await dialog.getByRole('option', { name: /^resolve/ }).click()
    await dialog.getByRole('textbox', { name: 'Data' }).click()
    await page.keyboard.insertText(JSON.stringify(decision, undefined, 2))
    await dialog.getByTestId('confirm-modal-button').click()
    await dialog.getByText(refusal).waitFor()
    expect(await dialog.textContent()).not.toContain('Encoded failure')
  } finally {
    await browser.close()
  }
})
