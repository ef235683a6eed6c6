// Faults of SOAP 1.1 and headers: which code, which detail, and who a header is for.

import { describe, expect, test } from '@jest/globals'
import { rejected } from '../../../src/contract/outcome.ts'
import { answering, anyAnswer, anyAsk, enveloped, read, refusal, schemaOf, wireOfWsdl } from './service.ts'

const no =
  '<x:element name="No"><x:complexType><x:sequence><x:element name="why" type="x:string"/></x:sequence></x:complexType></x:element>'
const wire = wireOfWsdl(
  {
    schemas: schemaOf(anyAsk + anyAnswer + no),
    messages: '<w:message name="N"><w:part name="p" element="t:No"/></w:message>',
    faults: '<w:fault name="n" message="d:N"/>',
  },
  {},
  {
    No: rejected('no'),
    Undeclared: rejected('undeclared'),
    Client: rejected('client'),
    'Client.Data': rejected('data'),
  },
)
const faulty = (code: string, detail = '') =>
  enveloped(`<e:Fault><faultcode>e:${code}</faultcode><faultstring>x</faultstring><detail>${detail}</detail></e:Fault>`)
const outcome = (code: string, detail?: string) => {
  const { body, verdict } = wire.read(faulty(code, detail))
  return `${body.fault} ${verdict.verdict === 'rejected' ? verdict.reason : verdict.verdict}`
}
const detailNo = '<No xmlns="urn:t"><why>a</why></No>'

describe('a code with dots is a kind of what stands before them (SOAP 1.1, 4.4.1)', () => {
  test.each([
    ['Client', 'Client client'],
    ['Client.Authentication', 'Client client'],
    ['Client.Data', 'Client.Data data'],
    ['Client.Data.Length', 'Client.Data data'],
    ['Clientele', 'Clientele unknown'],
    ['Server.Client', 'Server.Client unknown'],
  ])('%s', (code, expected) => {
    expect(outcome(code)).toBe(expected)
  })
})

describe('a detail counts by its whole name', () => {
  test.each([
    ['that of the WSDL', detailNo, 'No no'],
    ['another of the same local name', '<No xmlns="urn:other"><why>a</why></No>', 'No unknown'],
    ['another of the same local name, and that of the WSDL', `<No xmlns="urn:other"/>${detailNo}`, 'No no'],
    ['one that the WSDL does not know and the adapter does', '<Undeclared/>', 'Undeclared undeclared'],
  ])('%s', (_, detail, expected) => {
    expect(outcome('Server', detail)).toBe(expected)
  })
  test('with its content; one that stands twice would lose one', () => {
    expect(wire.read(faulty('Server', `<No xmlns="urn:other"/>${detailNo}`)).body.detail).toEqual({ No: { why: 'a' } })
    expect(refusal(() => wire.read(faulty('Server', detailNo + detailNo)))).toBe(
      'Fault.No of the SOAP reply stands more than once',
    )
  })
})

describe('a header that must be understood', () => {
  const header = (attributes: string) => `<e:Header><h xmlns="urn:h" e:mustUnderstand="1" ${attributes}/></e:Header>`
  const withHeader = (attributes: string) => wire.read(enveloped('<Answer xmlns="urn:t"/>', header(attributes)))
  test.each(['', 'e:actor=""', 'e:actor="http://schemas.xmlsoap.org/soap/actor/next"'])('by us: %j', (attributes) => {
    expect(refusal(() => withHeader(attributes))).toBe(
      'Envelope.Header of the SOAP reply holds a block that must be understood',
    )
  })
  test('by somebody else on the way', () => {
    expect(withHeader('e:actor="urn:gateway"').verdict).toEqual({ verdict: 'applied' })
  })
})

describe('base64', () => {
  const value = answering('<x:sequence><x:element name="v" type="x:base64Binary"/></x:sequence>')
  test.each([
    ['empty', '', ''],
    ['blank', ' \n ', ''],
    ['in lines', '\nAAEC\nAwQ=\n', 'AAECAwQ='],
    ['with blanks', 'A A E C', 'AAEC'],
    ['with blanks in its padding', 'AA= =', 'AA=='],
  ])('%s', (_, written, expected) => {
    expect(read(value, `<v>${written}</v>`)).toEqual({ v: expected })
  })
})
