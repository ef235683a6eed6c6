// One step of a flow: a call to a core with our own deterministic reference, and what is known about its effect.

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { workflowInfo } from '@temporalio/workflow'
import type { CallIdentity, Traits, TraitsTable } from '../../contract/activity.ts'
import type { Call } from '../../contract/call.ts'
import { asJson, canonicalJson } from '../../contract/json.ts'
import { flowState, type Step } from './state.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** 16 characters of A–Z and 2–7 (RFC 4648 base32 of 80 bits of SHA-256): fits a PIC X(16), the same on every attempt, replay and reset. */
export function referenceOf(workflowId: string, step: string): string {
  const digest = sha256(utf8ToBytes(`${workflowId}\n${step}`))
  let bits = 0
  let held = 0
  let text = ''
  for (const byte of digest.subarray(0, 10)) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >>> (bits - 5)) & 31]
    held &= 31
  }
  return text
}

function identityOf({ adapter, transaction, request, reference, reversing }: Call): CallIdentity {
  const content = canonicalJson([adapter, transaction, request, reversing ? { ...reversing } : null])
  return { reference, digest: bytesToHex(sha256(utf8ToBytes(content))) }
}

/**
 * `REFERENCE` or, where the start has a salt, `REFERENCE/3f9a02c1`: the activity that is scheduled for other content has another id. So
 * changed code meets an error also where no answer could say which call it belongs to: a worker that was lost leaves none. Ids stand in
 * clear, hence the salt.
 */
function markOf({ reference, digest }: CallIdentity): string {
  const { salt } = flowState().start
  return salt === undefined
    ? reference
    : `${reference}/${bytesToHex(sha256(utf8ToBytes(`${salt}${digest}`)).slice(0, 4))}`
}

/** The transaction that a step calls. */
export interface CallTarget {
  readonly adapter: string
  readonly transaction: string
  readonly traits: Traits
  readonly siblings: TraitsTable[string]
}

/** The next step of the flow that is running. Its ordinal counts calls in the order in which the flow asks for them. */
export function nextStep(target: CallTarget, request: object): Step {
  const ordinal = ++flowState().steps
  return stepOf(target, {
    request: asJson(request),
    reference: referenceOf(workflowInfo().workflowId, String(ordinal)),
  })
}

/**
 * The step that undoes another; its reference hangs on the other's, so that it is the same whenever and however it is asked for. `nth`
 * tells reversals apart where an effect happened more than once.
 */
export function reversalOf(step: Step, nth = 1): Step | undefined {
  const { adapter, transaction, request, reference } = step.call
  const reversal = step.traits.reversal
  const traits = reversal === undefined ? undefined : step.siblings[reversal]
  if (reversal === undefined || traits === undefined) return undefined
  return stepOf(
    { adapter, transaction: reversal, traits, siblings: step.siblings },
    {
      request: {},
      reference: referenceOf(workflowInfo().workflowId, `reversal ${nth === 1 ? '' : `${nth} `}of ${reference}`),
      reversing: { transaction, request, reference },
    },
  )
}

/** A step of this run; its reference is remembered. */
export function stepOf(target: CallTarget, call: Omit<Call, 'adapter' | 'transaction'>): Step {
  const { adapter, transaction, traits, siblings } = target
  const whole = { adapter, transaction, ...call }
  const of = identityOf(whole)
  flowState().references.add(call.reference)
  return {
    call: whole,
    of,
    mark: markOf(of),
    traits,
    siblings,
    name: `${adapter}.${transaction}`,
    effect: 'pending',
  }
}
