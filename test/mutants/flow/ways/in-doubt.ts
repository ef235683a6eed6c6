// Ways through calls that end in doubt, refused, or not at all, and what people decide on them.

import type { Call } from '../../../../src/contract/call.ts'
import { flowContract, type Resolution } from '../../../../src/contract/durable.ts'
import { type Plan, plans, resolutionOf } from '../../../explore/plans.ts'
import type { Fault, InquiryFault } from '../../../support/scripted-core.ts'
import { order, resetWorkflow } from '../rig.ts'
import { isCredit, type Stage, type Way, type Ways } from './stage.ts'

export const inDoubt: Ways = {
  ...Object.fromEntries(plans(12).map((plan, at) => [`plan ${at}`, planned(plan)])),
  ...Object.fromEntries(
    (['unclear', 'ambiguous', 'differs'] as const).flatMap((inquiry) =>
      (['retry', 'confirm-applied', 'confirm-not-applied', 'reverse', 'abandon'] as const).map((action) => [
        `${inquiry}, ${action}`,
        parkedOn(inquiry, { action }),
      ]),
    ),
  ),
  'an undoing that is refused': undoingAs({ do: 'refuse', reason: 'day-end' }),
  'an undoing that abends': undoingAs({ do: 'abend' }),
  'an undoing that is lost': undoingAs({ do: 'lose', booked: false }),
  'an undoing that somebody else has made': undoingAs({ do: 'refuse', reason: 'already-reversed' }),
  'an undoing that cannot be sent': undoingAs(...Array.from({ length: 40 }, () => ({ do: 'not-sent' }) as const)),
  'a wire that cannot be asked for': async ({ it, begin, decide }) => {
    it.core.onCall = ({ transaction }) => (transaction === 'wire' ? { do: 'lose', booked: true } : undefined)
    const id = await begin('sendWire')
    await it.settled(id)
    await decide(id, {}, { action: 'confirm-not-applied' })
  },
  'two wires at once': async ({ it, begin, decide }) => {
    it.core.onCall = () => ({ do: 'lose', booked: true })
    const id = await begin('bothAtOnce')
    await it.settled(id)
    await decide(id, { action: 'confirm-applied' }, { action: 'confirm-applied' })
  },
  'two posts at once, one refused': async ({ it, begin, faults }) => {
    faults(isCredit, { do: 'refuse', reason: 'blocked' })
    await it.settled(await begin('bothPosted'))
  },
  'reads and what may be repeated': async ({ it, begin }) => {
    it.core.onCall = (_, nth) => [{ do: 'lose', booked: false } as const, { do: 'not-sent' } as const][nth]
    await it.settled(await begin('readAndTag'))
  },
  'a tag that never comes through': async ({ it, begin, decide }) => {
    it.core.onCall = ({ transaction }) => (transaction === 'tag' ? { do: 'lose', booked: false } : undefined)
    const id = await begin('readAndTag')
    await it.settled(id)
    await decide(id, {}, { action: 'abandon' })
  },
  'an own answer to a refusal': async ({ it, begin }) => {
    it.core.onCall = ({ request }) =>
      request.account === order.from ? { do: 'refuse', reason: 'insufficient-funds' } : undefined
    await it.settled(await begin('orElse'))
  },
  'three posts, the last refused': async ({ it, begin, faults }) => {
    faults(isCredit, { do: 'refuse', reason: 'blocked' })
    await it.settled(await begin('threePosts'))
  },
  'a start by hand, without patience and attributes': async ({ it, adopt }) => {
    const id = 'moveMoney-by-hand'
    const contract = { contract: flowContract, operation: 'moveMoney', version: 1, client: 'tests', door: 'rest' }
    it.core.onCall = (call, nth) => (isCredit(call) ? [{ do: 'lose', booked: false } as const][nth] : undefined)
    it.core.onInquiry = (_, nth) => (nth < 3 ? 'unclear' : undefined)
    const args = [{ ...contract, input: order, requestedAt: new Date().toISOString() }]
    const handle = await it.client.workflow.start('moveMoney', { workflowId: id, taskQueue: '', args })
    adopt(id)
    await handle.result()
  },
  'given up on what the core shows': silentAtFirst(true, { action: 'abandon' }),
  'given up on what the core does not show': silentAtFirst(false, { action: 'abandon' }),
  'a second decision while the first is held against the core': async ({ it, begin, decide, faults }) => {
    faults(isCredit, { do: 'lose', booked: true })
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = () => 'hang'
    const first = decide(id, { action: 'abandon' })
    await it.rest(500)
    await decide(id, { action: 'reverse' })
    await first
  },
  'given up over the undoing of what was sent again': async ({ it, begin, decide }) => {
    it.core.onCall = (call, nth) =>
      call.reversing || isCredit(call)
        ? { do: 'refuse', reason: 'blocked' }
        : nth === 0
          ? { do: 'lose', booked: false }
          : undefined
    const id = await begin('moveMoney')
    await it.settled(id)
    await decide(id, { action: 'abandon' })
  },
  'cancelled before a call that may be repeated': async ({ it, begin }) => {
    it.core.onCall = ({ transaction }, nth) =>
      transaction === 'read' && nth < 2 ? { do: 'lose', booked: false } : undefined
    const id = await begin('readAndTag')
    await it.rest(50)
    await it.client.workflow.getHandle(id).cancel()
    await it.settled(id)
  },
  'an undoing behind what came too late': async (stage) => {
    const { it } = stage
    const id = await late(false, stage)
    it.core.onCall = (call, nth) => (call.reversing && nth === 0 ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = () => undefined
    await it.rest(200_000)
    await it.settled(id)
  },
  'a retry that comes late': async (stage) => {
    const { it, decide } = stage
    const id = await late(false, stage)
    it.core.onCall = (call, nth) => (isCredit(call) && nth === 1 ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = () => undefined
    await decide(id, {})
  },
  'a reversal by a person that is refused, given up': refusedUndoing(true, 'unclear', { action: 'abandon' }),
  'a reversal by a person that is refused, confirmed': refusedUndoing(true, 'unclear', { action: 'confirm-applied' }),
  'a reversal by a person that is refused, tried again': refusedUndoing(true, undefined, {}),
  'a reversal by a person that is refused, for there is nothing': refusedUndoing(false, undefined, {}),
  'a saga with a read, and with a step that has no reversal, confirmed': withoutReversal(
    {},
    { action: 'confirm-applied' },
  ),
  'a saga with a read, and with a step that has no reversal, given up': withoutReversal({ action: 'abandon' }),
}

/** As the explorer plays plans, over its accounts. */
function planned({ debit, credit, undo, inquiry, deeds }: Plan): Way {
  return async ({ it, begin, decide }) => {
    it.core.onCall = (call, nth) => (call.reversing ? undo : call.request.direction === 'D' ? debit : credit)[nth]
    it.core.onInquiry = (_, nth) => inquiry[nth]
    const id = await begin('moveMoney')
    await it.settled(id)
    for (const deed of deeds) {
      if (deed.do === 'reset') await resetWorkflow(it, id, deed.to)
      if (deed.do === 'cancel') await it.client.workflow.getHandle(id).cancel()
      if (deed.do === 'decide') await decide(id, resolutionOf(deed.action))
      await it.settled(id)
    }
  }
}

/** Parked on its credit, over what the inquiry says; then one decision each. */
function parkedOn(inquiry: InquiryFault, ...decisions: readonly Partial<Resolution>[]): Way {
  return async ({ it, begin, decide, faults }) => {
    faults(isCredit, { do: 'lose', booked: true })
    it.core.onInquiry = (call) => (isCredit(call) ? inquiry : undefined)
    const id = await begin('moveMoney')
    await it.settled(id)
    await decide(id, ...decisions)
  }
}

function undoingAs(...undo: readonly Fault[]): Way {
  return async ({ it, begin, decide }) => {
    it.core.onCall = (call, nth) =>
      call.reversing ? undo[nth] : isCredit(call) ? { do: 'refuse', reason: 'blocked' } : undefined
    const id = await begin('moveMoney')
    await it.settled(id)
    await decide(id, {})
  }
}

/** Parked on its credit over a silent core, which answers when a person decides. */
function silentAtFirst(booked: boolean, ...decisions: readonly Partial<Resolution>[]): Way {
  return async ({ it, begin, decide, faults }) => {
    faults(isCredit, { do: 'lose', booked })
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = () => undefined
    await decide(id, ...decisions)
  }
}

/** Its credit is reversed by a person while the core is silent; the reversal is refused, and decided on while the core says `later`. */
function refusedUndoing(
  booked: boolean,
  later: InquiryFault | undefined,
  ...decisions: readonly Partial<Resolution>[]
): Way {
  return async ({ it, begin, decide }) => {
    const isLast = (call: Call) => (call.reversing?.request ?? call.request).direction === 'C'
    it.core.onCall = (call) =>
      !isLast(call) ? undefined : call.reversing ? { do: 'refuse', reason: 'day-end' } : { do: 'lose', booked }
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await decide(id, { action: 'reverse' })
    it.core.onInquiry = () => later
    await decide(id, ...decisions)
  }
}

/** Refused behind a read and a step that cannot be undone. */
function withoutReversal(...decisions: readonly Partial<Resolution>[]): Way {
  return async ({ it, begin, decide }) => {
    it.core.onCall = ({ transaction }) => (transaction === 'post' ? { do: 'refuse', reason: 'blocked' } : undefined)
    const id = await begin('tagAndPost')
    await it.settled(id)
    await decide(id, ...decisions)
  }
}

/** Parked on its credit while the core is silent, until it is too late to send it again. */
async function late(booked: boolean, { it, begin, faults }: Stage): Promise<string> {
  faults(isCredit, { do: 'lose', booked })
  it.core.onInquiry = () => 'unclear'
  const id = await begin('moveMoney')
  await it.settled(id)
  await it.rest(700_000)
  return id
}
