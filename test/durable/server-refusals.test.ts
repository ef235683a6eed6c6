// What a worker needs of the Temporal server at its start, and a server that does not grant it.

import { describe, expect, test } from '@jest/globals'
import type { NativeConnection } from '@temporalio/worker'
import { searchAttributes } from '../../src/contract/durable.ts'
import { registerSearchAttributes } from '../../src/durable/search-attributes.ts'
import { deployment, type Services } from '../../src/durable/version/deployment.ts'

/** An error as gRPC gives it. */
const grpcError = (code: number, details: string) => Object.assign(new Error(details), { code, details, metadata: {} })
const denied = grpcError(7, 'permission denied')

describe('search attributes', () => {
  const names = Object.keys(searchAttributes)
  const [first = '', ...others] = names

  /** A server that knows some attributes, and more of them after it was asked to add the missing ones. */
  async function registeredWith(known: readonly string[], after: readonly string[], refusal?: Error) {
    const added: string[] = []
    let current = known
    const operatorService = {
      listSearchAttributes: async ({ namespace }: { namespace?: string }) => {
        expect(namespace).toBe('bank')
        return { customAttributes: Object.fromEntries(current.map((name) => [name, 2])) }
      },
      addSearchAttributes: async ({
        namespace,
        searchAttributes: more,
      }: {
        namespace?: string
        searchAttributes: object
      }) => {
        expect(namespace).toBe('bank')
        // 2 is a keyword, 6 a time (temporal.api.enums.v1.IndexedValueType).
        expect(Object.values(more)).toEqual(Object.keys(more).map((name) => (name === 'MainspanParkedAt' ? 6 : 2)))
        added.push(...Object.keys(more))
        current = after
        if (refusal) throw refusal
      },
    }
    await registerSearchAttributes({ operatorService } as unknown as NativeConnection, 'bank')
    return added
  }

  test.each<[string, readonly string[], readonly string[], Error | undefined, readonly string[]]>([
    ['all there', names, names, undefined, []],
    ['one missing', others, names, undefined, [first]],
    ['none there', [], names, undefined, names],
    ['added by another worker meanwhile', others, names, grpcError(6, 'already exists'), [first]],
  ])('%s', async (_, known, after, refusal, added) => {
    expect(await registeredWith(known, after, refusal)).toEqual(added)
  })

  test('that this identity may not add are named', async () => {
    await expect(registeredWith([], [], denied)).rejects.toMatchObject({ facts: { names: names.join(', ') } })
    await expect(registeredWith(others, others, denied)).rejects.toMatchObject({
      code: 'SEARCH_ATTRIBUTES_MISSING',
      facts: { names: first, namespace: 'bank' },
      cause: denied,
    })
  })
})

describe('a build is made current', () => {
  async function attemptsOf(...answers: readonly (Error | undefined)[]) {
    let asked = 0
    const setWorkerDeploymentCurrentVersion = async () => {
      const answer = answers[asked++]
      if (answer) throw answer
    }
    const services = { workflowService: { setWorkerDeploymentCurrentVersion } } as unknown as Services
    await deployment(services, 'bank', 'queue').makeCurrent('build-1')
    return asked
  }

  test('at once, or as soon as the server knows it', async () => {
    expect(await attemptsOf()).toBe(1)
    expect(await attemptsOf(grpcError(5, 'no such build'), grpcError(14, 'unavailable'))).toBe(3)
  })

  test.each([
    [denied, 'permission denied'],
    [new TypeError('no answer'), 'TypeError: no answer'],
  ])('unless the server refuses: %s', async (refusal, why) => {
    await expect(attemptsOf(refusal)).rejects.toMatchObject({
      code: 'BUILD_NOT_CURRENT',
      facts: { build: 'build-1', why },
      cause: refusal,
    })
  })
})
