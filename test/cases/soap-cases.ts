// Cases of SOAP services: what a WSDL of golden/ comes to, what is sent for request.json and what is read of reply.xml. The operation is Ask.

import type { Verdict } from '../../src/contract/outcome.ts'
import { rejected } from '../../src/contract/outcome.ts'

export interface SoapCase {
  /** The file of the case; service.wsdl without it. */
  readonly wsdl?: string
  /** What `mainspan check` says of the WSDL, after SOAP_WSDL_UNSUPPORTED; nothing where it is taken. */
  readonly unsupported?: string
  /** The path that is asked at the service. */
  readonly path?: string
  /** What stands in the Body for request.json, or the code that refuses it. */
  readonly sent?: string
  /** What reply.xml gives as JSON. */
  readonly reply?: object
  readonly faults?: Readonly<Record<string, Verdict>>
  readonly verdict?: Verdict
  /** Tests of further inputs that the case names, as `file › words of its name`. */
  readonly alsoIn?: readonly string[]
}

const bytes0To63 = Buffer.from(Array.from({ length: 64 }, (_, byte) => byte)).toString('base64')

/** By the folder of the case. */
export const soapCases: Readonly<Record<string, SoapCase>> = {
  '01-soap-extension-same-element-name': {
    unsupported: 'Answer.id in the WSDL uses one name for two elements or attributes',
  },
  '03-soap-attribute-named-value': {
    unsupported: 'Ask.m.value in the WSDL uses an attribute of the name that stands for text',
  },
  '04-soap-extension-of-all': { reply: { b: '2', a: '1' } },
  '05-soap-default-and-fixed': { sent: 'SOAP_VALUE_INVALID', reply: { cur: 'EUR', n: '7.5', s: 'dflt' } },
  '06-soap-substitution-group-head': { unsupported: 'Ask.Animal in the WSDL uses an abstract element' },
  '07-soap-extension-of-abstract-base': {
    sent: '<Ask xmlns="urn:t"><requestId>1</requestId><account>A</account></Ask>',
  },
  '08-soap-choice-of-lists-absent': { reply: {} },
  '09-soap-import-in-subfolder': { wsdl: 'nested.wsdl', path: '/ws' },
  '10-soap-24-hours': { reply: { v: '24:00:00', w: '2024-12-31T24:00:00' } },
  '11-soap-base64-with-line-ends': { reply: { v: bytes0To63 } },
  '13-soap-fault-code-with-dot': {
    faults: { Client: rejected('request-refused') },
    verdict: rejected('request-refused'),
  },
  '14-soap-operation-in-second-port': { path: '/ws/q', reply: {} },
  '16-soap-cics-address-placeholder': {
    path: '/bank/acctinq',
    alsoIn: ['wire/soap/ports.test.ts › REPLACE_WITH_ACTUAL_URL'],
  },
}
