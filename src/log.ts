// The log of a process: JSON lines on standard error, written together some times a second, since a system call for each line would cost
// a read as much as its answer. What is held is written at the end of the process, and at once after a warning.

import { type Logger, pino } from 'pino'
import type { ExchangeNote } from './backend/caller.ts'

/** The log of this process. */
export interface Log {
  readonly logger: Logger
  /** Writes what is still held; for the end of a process. */
  flush(): void
}

const everyMs = 200
const heldBytes = 8192
/** Where nobody takes the lines, the newest are dropped before the process runs out of memory. */
const heldBytesMax = 16 * 1024 * 1024

/** `level` is one of pino's. */
export function openLog(name: string, level: string): Log {
  const destination = pino.destination({
    dest: 2,
    sync: false,
    minLength: heldBytes,
    maxLength: heldBytesMax,
    periodicFlush: everyMs,
  })
  const { warn } = pino.levels.values
  const logger = pino(
    {
      name,
      base: null,
      level,
      hooks: {
        logMethod(args, method, severity) {
          method.apply(this, args)
          if (severity >= (warn ?? 0)) destination.flush()
        },
      },
    },
    destination,
  )
  return { logger, flush: () => destination.flushSync() }
}

/** Tells the log of each exchange with a core. */
export function exchangeLog(log: Logger): (exchange: ExchangeNote) => void {
  return (exchange) => log.info(exchange, 'exchange')
}

/** The same for a gateway, where the line of the request tells of an exchange that went well. */
export function troubledExchangeLog(log: Logger): (exchange: ExchangeNote) => void {
  return (exchange) => {
    if (exchange.result === 'reply' && exchange.code === undefined) log.debug(exchange, 'exchange')
    else log.info(exchange, 'exchange')
  }
}
