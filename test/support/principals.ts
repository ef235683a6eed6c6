// Callers as they are as long as nothing guards the APIs.

import type { Principal } from '../../src/operation/principal.ts'

export const overRest = (): Principal => ({ client: 'local', door: 'rest', scopes: 'all' })
export const byCommand = (client: string): Principal => ({ client, door: 'command', scopes: 'all' })
