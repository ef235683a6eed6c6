// The real parts that tests run against. The first test that asks starts one; all tests of the run share it, so keep your own names
// apart (task queues, queues of the broker, accounts). A test that kills a part starts its own with src/local instead.

import { request } from 'node:http'

async function part<T>(name: string): Promise<T> {
  const socketPath = process.env.MAINSPAN_TEST_PARTS
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asking = request({ socketPath, path: `/${name}` }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece) => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }))
    })
    asking.on('error', reject)
    asking.end()
  })
  if (status !== 200) throw new Error(`part ${name}: ${body}`)
  return JSON.parse(body) as T
}

/** A dev server of Temporal with namespace `default` and Mainspan's search attributes. The first call takes about 5 s. */
export function temporal(): Promise<{ readonly address: string; readonly ui?: string }> {
  return part('temporal')
}

/** A RabbitMQ node. The first call takes about 8 s. */
export function rabbitmq(): Promise<{ readonly url: string }> {
  return part('rabbitmq')
}

/** A PostgreSQL server; its user may create databases. The first call takes about 2 s. */
export function postgresql(): Promise<{ readonly url: string }> {
  return part('postgresql')
}

export interface TestCore {
  /** host:port */
  readonly endpoint: string
  readonly control: string
  readonly state: string
  readonly journal: string
}

/** The COBOL bank and the SOAP customer service, serving; `programs` is the folder of both, for tests that start their own. */
export function mainframe(): Promise<{
  readonly programs: string
  readonly bank: TestCore
  readonly customers: TestCore
}> {
  return part('mainframe')
}

/** Compiles src/ to dist/ when it is stale, for tests that start processes of the product. */
export function built(): Promise<{ readonly root: string; readonly dist: string }> {
  return part('build')
}
