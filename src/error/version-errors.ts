// Builds of flows and the operations that run on them. Raised by src/durable/version, src/catalog and the command line.

import { entry } from './entry.ts'

/** Rows of the catalogue: builds of flows. */
export const versionErrors = {
  BUILD_MISSING: entry<{ build: string; runs: number; some: string }>({
    title: 'Build of running operations missing',
    message: ({ build, runs, some }) =>
      `build ${build} is not in the store, and ${runs} running operations wait for it, among them ${some}`,
    hint: () =>
      'start a worker of the release that made it, or move the operations to another build: docs/changing-flows.md, "A lost build"',
    retry: 'never',
    status: 'misconfigured',
  }),
  BUILD_UNREADABLE: entry<{ build: string; problem: string; runs: number; some: string }>({
    title: 'Build of running operations not usable here',
    message: ({ build, problem, runs, some }) =>
      `build ${build} cannot be run by this process (${problem}), and ${runs} running operations wait for it, among them ${some}`,
    hint: () =>
      'keep a worker of the release that made it running until they have ended: docs/changing-flows.md, "A lost build"',
    retry: 'never',
    status: 'misconfigured',
  }),
  KEPT_ADAPTER_INVALID: entry<{ adapter: string; problem: string }>({
    title: 'Adapter of an older build not usable',
    message: ({ adapter, problem }) =>
      `${adapter}, as an older build knows it, is no adapter for this release: ${problem}`,
    hint: () => 'keep a worker of the release that made the build running until its operations have ended',
    retry: 'never',
    status: 'misconfigured',
  }),
  BUILD_NOT_CURRENT: entry<{ build: string; why: string }>({
    title: 'Build cannot be made current',
    message: ({ build, why }) => `Temporal does not make build ${build} the one that new operations begin on: ${why}`,
    hint: () =>
      'the server must know worker deployments (1.28 or newer) and let this identity set the current version; or set MAINSPAN_ROLLOUT=manual and do it by hand: docs/changing-flows.md',
    retry: 'later',
    status: 'misconfigured',
  }),
  BACKEND_SETTING_GONE: entry<{ adapter: string; problem: string }>({
    title: 'Setting of an older build gone',
    message: ({ adapter, problem }) =>
      `${adapter}, as an older build knows it, cannot be reached (${problem}); nothing was sent`,
    hint: () => 'give the worker that setting until the operations of the older build have ended',
    retry: 'later',
    status: 'unavailable',
  }),
  HISTORY_UNREADABLE: entry<{ file: string; problem: string }>({
    title: 'Recorded history not readable',
    message: ({ file, problem }) => `${file} cannot be replayed: ${problem}`,
    hint: () => 'record it anew with mainspan record ID, or delete it',
    retry: 'never',
    status: 'misconfigured',
  }),
} as const
