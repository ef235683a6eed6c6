// Ports are free when they are given, and below the range of outgoing connections.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, jest, test } from '@jest/globals'
import { answers, freePort } from '../../src/local/ports.ts'

function listen(host: string): Promise<{ port: number; close: () => void }> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, host, () => {
      const address = server.address()
      if (address && typeof address === 'object') resolve({ port: address.port, close: () => server.close() })
    })
  })
}

test('twenty ports differ and lie between 20000 and 32000', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()))
  expect(new Set(ports).size).toBe(20)
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(32_000)
  }
})

test('a preferred port that is free is given once', async () => {
  const wish = await freePort()
  expect(await freePort(wish)).not.toBe(wish)
})

test.each(['127.0.0.1', '0.0.0.0'])('a preferred port with a listener on %s is worked around', async (host) => {
  const { port, close } = await listen(host)
  expect(await answers(port)).toBe(true)
  expect(await freePort(port)).not.toBe(port)
  close()
})

test('a port that another process was given is worked around, though nothing listens on it yet; when that process has ended it is free', async () => {
  const script = `const claim = require('node:dgram').createSocket('udp4')
    claim.bind({ port: 0, address: '127.0.0.1', exclusive: true }, () => console.log(claim.address().port))`
  const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [text] = await once(other.stdout, 'data')
  const port = Number(String(text))
  expect(await answers(port)).toBe(false)
  expect(await freePort(port)).not.toBe(port)
  other.kill()
  await once(other, 'exit')
  expect(await freePort(port)).toBe(port)
})

test('where every port is taken, that is told', async () => {
  const draw = jest.spyOn(Math, 'random').mockReturnValue(0.5)
  const given = await freePort().catch(({ code }) => code)
  expect([26_000, 'PORT_NONE_FREE']).toContain(given)
  await expect(freePort()).rejects.toMatchObject({ code: 'PORT_NONE_FREE', facts: { from: 20_000, to: 32_000 } })
  draw.mockRestore()
})
