// The denominator of the span: a workflow with as many activities as a transfer has, that do nothing.

import { proxyActivities } from '@temporalio/workflow'

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '10 s' })

export async function bare(): Promise<void> {
  for (let step = 0; step < 3; step += 1) await nothing()
}
