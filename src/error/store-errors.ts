// The operation store cannot be used, or was set up wrongly. Raised by src/store and src/durable.

import { entry } from './entry.ts'

/** Rows of the catalogue: the operation store. */
export const storeErrors = {
  STORE_UNAVAILABLE: entry<{ why: string }>({
    title: 'Operation store unavailable',
    message: ({ why }) => `the operation store cannot be reached: ${why}`,
    hint: () => 'nothing was begun; try again later with the same key, a repeat is recognised',
    retry: 'later',
    status: 'unavailable',
  }),
  AUDIT_MISSING: entry<Record<string, never>>({
    title: 'No audit in this database',
    message: () => 'the table mainspan.audit is not there',
    hint: () =>
      'check DATABASE_URL; the table is made when a gateway first reaches its database, and nothing of Mainspan drops it',
    retry: 'never',
    status: 'misconfigured',
  }),
  KEY_LIFE_TOO_SHORT: entry<{ days: number; retention: number; namespace: string }>({
    title: 'Life of keys shorter than retention',
    message: ({ days, retention, namespace }) =>
      `keys are promised for ${days} days, but namespace ${namespace} keeps ended workflows for ${retention} days`,
    hint: () => "set MAINSPAN_KEY_DAYS to at least the namespace's retention",
    retry: 'never',
    status: 'misconfigured',
  }),
} as const
