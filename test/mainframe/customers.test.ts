// The SOAP customer service, driven by raw HTTP: what it answers, what the journal says, what each fault looks like.

import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mainframe } from '../support/parts.ts'
import { Box } from './box.ts'

let service: Box
beforeAll(async () => {
  service = new Box(`${(await mainframe()).programs}/customers`)
  await service.start()
})
afterAll(() => service.remove())
beforeEach(async () => {
  await service.ask({ command: 'clear' })
  await service.ask({ command: 'reset' })
})

interface Reply {
  readonly status: number
  readonly type: string | undefined
  readonly body: string
}

function send(body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port: service.port, method: 'POST', path: '/customers', agent: false },
      (answer) => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.on('error', reject)
        answer.on('end', () => {
          const text = Buffer.concat(pieces).toString()
          resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'], body: text })
        })
      },
    )
    asking.setHeader('Content-Type', 'text/xml; charset=utf-8')
    asking.setHeader('SOAPAction', '""')
    asking.on('error', reject)
    asking.end(body)
  })
}

const namespace = 'http://bank.example/customers/v1'
const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
const ask = (operation: string, members: string): Promise<Reply> =>
  send(envelope(`<${operation} xmlns="${namespace}">${members}</${operation}>`))
const get = (number: string) => ask('GetCustomer', `<customerNumber>${number}</customerNumber>`)
const raise = (reference: string, by: string, number = '00010004', currency = 'EUR') =>
  ask(
    'RaiseCreditLimit',
    `<requestReference>${reference}</requestReference><customerNumber>${number}</customerNumber>` +
      `<raiseBy>${by}</raiseBy><currency>${currency}</currency>`,
  )
const findRequest = (reference: string) => ask('FindRequest', `<requestReference>${reference}</requestReference>`)
const address = (reference: string, lines: string) =>
  ask(
    'ChangeAddress',
    `<requestReference>${reference}</requestReference><customerNumber>00010004</customerNumber>` +
      `<address><kind>WORK</kind>${lines}<city>Köln</city><country>DE</country></address>`,
  )

/** The texts of an element, in order. */
const texts = ({ body }: Reply, name: string): string[] =>
  [...body.matchAll(new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`, 'g'))].map((found) => found[1] ?? '')

describe('operations', () => {
  test('GetCustomer shows repeated and optional elements, decimals, dates, text beyond ASCII', async () => {
    const reply = await get('00010004')
    expect(reply).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' })
    expect(texts(reply, 'familyName')).toEqual(['Müller'])
    expect(texts(reply, 'creditLimit')).toEqual(['1370.35'])
    expect(texts(reply, 'birthDate')).toEqual(['1953-04-04'])
    expect(texts(reply, 'changedAt')).toEqual(['2024-01-01T00:00:00Z'])
    expect(texts(reply, 'kind')).toEqual(['HOME', 'POSTAL'])
    expect(texts(reply, 'line')).toEqual(['Calle Mayor 5', 'Floor 4', '8 rue des Écoles'])
    expect(texts(reply, 'phone')).toHaveLength(3)
    expect(texts(await get('00010005'), 'birthDate')).toEqual([])
  })

  test('RaiseCreditLimit twice raises twice; FindRequest counts and shows the first', async () => {
    const first = await raise('R1', '12.34')
    expect(texts(first, 'previousLimit')).toEqual(['1370.35'])
    expect(texts(first, 'creditLimit')).toEqual(['1382.69'])
    expect(texts(first, 'decisionNumber')).toEqual(['9007199254740993'])
    expect(texts(await raise('R1', '0.1'), 'creditLimit')).toEqual(['1382.79'])
    const found = await findRequest('R1')
    expect(
      ['status', 'matches', 'operation', 'decisionNumber', 'creditLimit'].map((name) => texts(found, name)),
    ).toEqual([['FOUND'], ['2'], ['RaiseCreditLimit'], ['9007199254740993'], ['1382.69']])
    expect(texts(await findRequest('R2'), 'status')).toEqual(['NOT-FOUND'])
    expect(service.effects().slice(-2)).toMatchObject([
      { program: 'RaiseCreditLimit', reference: 'R1', account: '00010004', amount: '12.34', balance: '1382.69' },
      { program: 'RaiseCreditLimit', reference: 'R1', account: '00010004', amount: '0.10', balance: '1382.79' },
    ])
  })

  test('ChangeAddress the same again changes nothing', async () => {
    const before = service.effects().length
    expect(texts(await address('A1', '<line>Straße &amp; 1</line>'), 'version')).toEqual(['2'])
    expect(texts(await address('A1', '<line>Straße &amp; 1</line>'), 'version')).toEqual(['2'])
    expect(service.effects()).toHaveLength(before + 1)
    expect(texts(await get('00010004'), 'line').at(-1)).toBe('Straße &amp; 1')
  })

  test.each<[string, () => Promise<Reply>, string, string]>([
    ['an unknown customer', () => get('00099999'), 'CustomerNotFound', '00099999'],
    ['a customer number that is none', () => get('4'), 'ValidationFault', 'customerNumber'],
    ['no amount', () => raise('R', '0.00'), 'ValidationFault', 'raiseBy'],
    ['three decimals', () => raise('R', '1.001'), 'ValidationFault', 'raiseBy'],
    ['an amount that is none', () => raise('R', '1e3'), 'ValidationFault', 'raiseBy'],
    ['a limit too high', () => raise('R', '999999.00'), 'ValidationFault', 'raiseBy'],
    ['another currency', () => raise('R', '1.00', '00010004', 'USD'), 'ValidationFault', 'currency'],
    ['a closed customer', () => raise('R', '1.00', '00010006'), 'ValidationFault', 'customerNumber'],
    ['a reference of strange characters', () => raise('R"1', '1.00'), 'ValidationFault', 'requestReference'],
    ['an address without a line', () => address('A', ''), 'ValidationFault', 'address/line'],
  ])('%s is a typed fault without an effect', async (_, call, fault, told) => {
    const before = service.effects().length
    const reply = await call()
    expect(reply.status).toBe(500)
    expect(texts(reply, 'faultcode')).toEqual(['SOAP-ENV:Client'])
    expect(reply.body).toMatch(new RegExp(`<c:${fault}>.*${told}.*</c:${fault}>`))
    expect(service.effects()).toHaveLength(before)
  })
})

describe('faults', () => {
  const shown = (reply: Reply): string => `${reply.status} ${reply.body.slice(0, 40)}`
  test.each<[string, number, RegExp]>([
    ['drop-before-execution', 0, /^socket hang up$/],
    ['apply-then-drop', 1, /^socket hang up$/],
    ['partial-frame', 1, /^aborted$/],
    ['refuse', 0, /^(socket hang up|read ECONNRESET|write EPIPE)$/],
    ['down', 0, /^connect ECONNREFUSED/],
    ['http-500', 0, /^500 $/],
    ['apply-then-http-500', 1, /^500 $/],
    ['html-503', 0, /^503 <!DOCTYPE html>/],
    ['apply-then-html-503', 1, /^503 <!DOCTYPE html>/],
    ['soap-fault', 0, /^500 <\?xml/],
    ['empty-200', 1, /^200 $/],
    ['truncated-xml', 1, /^200 <\?xml/],
    ['garbage', 1, /^200 (?!<\?xml)/s],
    ['apply-then-answer-late', 1, /^200 <\?xml/],
    ['delay', 1, /^200 <\?xml/],
  ])('%s', async (fault, applied, seen) => {
    const before = service.effects().length
    expect(await service.plan([{ fault, ms: 20 }])).toEqual({ ok: true, rules: 1 })
    expect(await raise('R1', '1.00').then(shown, (error: Error) => error.message)).toMatch(seen)
    await service.ask({ command: 'clear' })
    expect(texts(await findRequest('R1'), 'matches')).toEqual([`${applied}`])
    expect(service.effects().length - before).toBe(applied)
  })

  test('an amount with a comment or in CDATA is the same XML value', async () => {
    await service.plan([{ fault: 'comment-in-amount' }])
    expect((await get('00010004')).body).toContain('<c:creditLimit>137<!--x-->0.35</c:creditLimit>')
    await service.plan([{ fault: 'cdata-in-amount' }])
    expect((await get('00010004')).body).toContain('<c:creditLimit><![CDATA[1370.35]]></c:creditLimit>')
  })

  test('truncated XML is not well-formed', async () => {
    const whole = (await get('00010004')).body
    await service.plan([{ fault: 'truncated-xml', program: 'GetCustomer', account: '00010004' }])
    expect((await get('00010004')).body).toBe(whole.slice(0, (await get('00010004')).body.length))
    expect((await get('00010004')).body).not.toContain('</c:customer>')
    expect(texts(await get('00010003'), 'familyName')).toEqual(['Conti'])
  })
})

test('a kill keeps what was answered', async () => {
  await raise('R1', '1.00')
  await address('A1', '<line>One</line>')
  await service.restart('SIGKILL')
  expect(texts(await findRequest('R1'), 'creditLimit')).toEqual(['1371.35'])
  expect(texts(await get('00010004'), 'line').at(-1)).toBe('One')
  expect(texts(await raise('R2', '1.00'), 'decisionNumber')).toEqual(['9007199254740994'])
  expect(service.effects().map((effect) => effect.sequence)).toEqual(service.effects().map((_, at) => at + 1))
})
