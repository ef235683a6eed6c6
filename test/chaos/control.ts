// The control port of a core: faults for single references, and for a while for all. The port takes whole plans, so that the plan of
// the moment is kept here and sent anew with each change, one at a time.

import { createConnection } from 'node:net'

export interface Rule {
  readonly fault: string
  readonly program?: string
  readonly reference?: string
  readonly count?: number
  readonly ms?: number
  readonly bytes?: number
}

export interface Control {
  /** Adds a rule; what is given back takes it away again. Rules added last count first. */
  add(rule: Rule): Promise<() => Promise<void>>
  /** After the core was started again, which forgets. */
  repeat(): Promise<void>
}

/** `address` is host:port. A core that is dead takes no plan, and needs none: it gets the plan when it is back. */
export function controlOf(address: string): Control {
  const rules = new Set<Rule>()
  let last: Promise<void> = Promise.resolve()
  const send = () => {
    last = last.then(() => tell(address, { command: 'plan', rules: [...rules].reverse() }))
    return last
  }
  return {
    async add(rule) {
      const own = { ...rule }
      rules.add(own)
      await send()
      return async () => {
        if (rules.delete(own)) await send()
      }
    },
    repeat: send,
  }
}

function tell(address: string, command: object): Promise<void> {
  const [host = '', port = ''] = address.split(':')
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port: Number(port) }, () => socket.write(`${JSON.stringify(command)}\n`))
    let text = ''
    socket.setTimeout(2000, () => socket.destroy())
    socket.on('data', (bytes) => {
      text += String(bytes)
      if (!text.includes('\n')) return
      socket.end()
      if (text.includes('"ok":true')) resolve()
      else reject(new Error(`control port: ${text}`))
    })
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
  })
}
