// Which methods a path has: 405 with Allow where it exists for others, 404 where it does not.

import type { FastifyInstance } from 'fastify'
import { type Failure, failure } from '../../error/failure.ts'
import { refuse } from './exchange.ts'

/** Why there is no route for a method and a path, which may end with a query. */
export type Unrouted = (method: string, url: string) => Failure

/** Follows the routes that are added from here on, and refuses what has none. */
export function refuseUnrouted(app: FastifyInstance): Unrouted {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one.toUpperCase())
    methods.set(url, known)
  })
  const unrouted: Unrouted = (method, url) => {
    const path = url.split('?', 1)[0] ?? ''
    const allow = [...methods].filter(([pattern]) => covers(pattern, path)).flatMap(([, known]) => [...known])
    if (allow.length === 0) return failure('OPERATION_UNKNOWN', { operation: 'at this path' })
    return failure('METHOD_NOT_ALLOWED', { method, allow: [...new Set(allow)].sort().join(', ') })
  }
  app.setNotFoundHandler((request, reply) => refuse(reply, unrouted(request.method, request.url)))
  return unrouted
}

function covers(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((segment, at) =>
      /^:[^:]/.test(segment) ? given[at] !== '' : segment.replaceAll('::', ':') === given[at],
    )
  )
}
