// Looks a step up once more, late.

import type { Step } from './step.ts'

export async function watchLate(_step: Step, _expected: 'once' | 'never'): Promise<void> {}
