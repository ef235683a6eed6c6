// Parts of a local machine that cannot be found, got or started, and wrong command lines. Raised by src/local and src/cli.

import { entry } from './entry.ts'

/** Rows of the catalogue: the command line and the local parts. */
export const localErrors = {
  COMMAND_LINE_INVALID: entry<{ problem: string }>({
    title: 'Command line invalid',
    message: ({ problem }) => problem,
    hint: () => 'see mainspan --help',
    retry: 'never',
    status: 'misconfigured',
  }),
  PORT_NONE_FREE: entry<{ from: number; to: number }>({
    title: 'No free port',
    message: ({ from, to }) => `no free port was found between ${from} and ${to}`,
    hint: () => 'end programs that listen on these ports, then try again',
    retry: 'later',
    status: 'misconfigured',
  }),
  PART_MISSING: entry<{ part: string; get: string }>({
    title: 'Part missing',
    message: ({ part }) => `${part} is needed and was not found`,
    hint: ({ get }) => get,
    retry: 'never',
    status: 'misconfigured',
  }),
  PART_NOT_GOT: entry<{ part: string; step: string; hint: string }>({
    title: 'Part could not be got',
    message: ({ part, step }) => `${part} could not be got: ${step} failed`,
    hint: ({ hint }) => hint,
    retry: 'later',
    status: 'misconfigured',
  }),
  PART_NOT_STARTED: entry<{ part: string; reason: string }>({
    title: 'Part could not be started',
    message: ({ part, reason }) => `${part} could not be started: ${reason}`,
    hint: () => 'check that the program exists and may be executed',
    retry: 'never',
    status: 'misconfigured',
  }),
  PART_NOT_READY: entry<{ part: string; seconds: number; log: string }>({
    title: 'Part not ready in time',
    message: ({ part, seconds }) => `${part} was started but did not serve within ${seconds} s`,
    hint: ({ log }) => `its last log lines are shown above; the whole log is ${log}`,
    retry: 'later',
    status: 'misconfigured',
  }),
  PART_ENDED: entry<{ part: string; how: string; log: string }>({
    title: 'Part ended',
    message: ({ part, how }) => `${part} ended unasked (${how})`,
    hint: ({ log }) => `its last log lines are shown above; the whole log is ${log}`,
    retry: 'later',
    status: 'misconfigured',
  }),
  PART_UNREACHABLE: entry<{ part: string; setting: string; address: string }>({
    title: 'Part unreachable',
    message: ({ part, setting, address }) => `${setting} names ${part} at ${address}, but nothing answers there`,
    hint: ({ setting }) => `start it, or unset ${setting} so that a local one is started`,
    retry: 'later',
    status: 'misconfigured',
  }),
  OUTPUT_UNWRITABLE: entry<{ reason: string }>({
    title: 'Output cannot be written',
    message: ({ reason }) => `standard output takes no more: ${reason}`,
    hint: () => 'what was written ends in the middle: make room, and run the command again',
    retry: 'never',
    status: 'misconfigured',
  }),
  FILE_UNREADABLE: entry<{ file: string; reason: string }>({
    title: 'File cannot be read',
    message: ({ file, reason }) => `${file} cannot be read: ${reason}`,
    hint: () => 'check the path and the permissions',
    retry: 'never',
    status: 'misconfigured',
  }),
} as const
