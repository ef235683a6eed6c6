// Path, query and body of a request → the input of its operation, with every mistake named by its JSON Pointer.

import { type JsonText, pointer } from '../../codec/text/strict-json.ts'
import type { ResolvedOperation } from '../../contract/catalog.ts'
import { isObject, type JsonObject, type JsonSchema, type JsonValue } from '../../contract/json.ts'
import { fieldSchema, typesOf } from '../../operation/field-schema.ts'
import { issuesMax, validated } from '../../operation/input.ts'
import type { InputMistake } from '../problem.ts'

/** The parts of a request that an input is put together from. */
export interface RequestParts {
  /** Decoded path parameters. */
  readonly path: Readonly<Record<string, string>>
  /** Query parameters, each with all its values in order. */
  readonly query: ReadonlyMap<string, readonly string[]>
  /** Undefined when no body came. */
  readonly body: JsonText | undefined
}

export type GatheredInput = { readonly input: JsonObject } | { readonly mistakes: readonly InputMistake[] }

/** Whether an operation takes its input from a body; otherwise the query gives what the path does not. */
export function takesBody(operation: ResolvedOperation): boolean {
  return operation.method === 'POST' || operation.method === 'PUT'
}

const pathParametersOf = new WeakMap<ResolvedOperation, readonly string[]>()

/** The names between braces in the path of an operation, in order. Every request asks for them, so they are read once. */
export function pathParameters(operation: ResolvedOperation): readonly string[] {
  const known = pathParametersOf.get(operation)
  if (known) return known
  const names = [...(operation.path ?? '').matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '')
  pathParametersOf.set(operation, names)
  return names
}

/** The input of an operation, or all that is wrong with it. Numbers never stand in for strings: a digit could be lost. */
export function gatherInput(operation: ResolvedOperation, parts: RequestParts): GatheredInput {
  const mistakes: InputMistake[] = []
  const gathered = new Map<string, JsonValue>()
  if (takesBody(operation)) {
    for (const [name, value] of bodyFields(operation, parts.body, mistakes)) gathered.set(name, value)
    for (const name of parts.query.keys()) mistakes.push(mistake('query', name, 'is not a parameter'))
  } else {
    if (parts.body !== undefined) mistakes.push({ in: 'body', pointer: '', message: 'this operation takes no body' })
    for (const [name, values] of parts.query) {
      const value = fromQuery(operation, name, values, mistakes)
      if (value !== undefined) gathered.set(name, value)
    }
  }
  for (const name of pathParameters(operation)) {
    const value = fromText(fieldSchema(operation, [name]), parts.path[name] ?? '')
    if (value === undefined) mistakes.push(mistake('path', name, 'must be a number in plain decimal digits'))
    else gathered.set(name, value)
  }
  if (mistakes.length > 0) return { mistakes: mistakes.slice(0, issuesMax) }
  return parsed(operation, Object.fromEntries(gathered))
}

function mistake(place: InputMistake['in'], name: string, message: string): InputMistake {
  return { in: place, pointer: pointer('', name), message }
}

function bodyFields(
  operation: ResolvedOperation,
  body: JsonText | undefined,
  mistakes: InputMistake[],
): readonly [string, JsonValue][] {
  if (body === undefined) return []
  for (const { path } of body.inexact) {
    const message = 'has more digits than a JSON number holds exactly: give it as a string, in double quotes'
    mistakes.push({ in: 'body', pointer: path, message })
  }
  if (!isObject(body.value)) {
    mistakes.push({ in: 'body', pointer: '', message: 'must be an object' })
    return []
  }
  const inPath = new Set(pathParameters(operation))
  const fields = Object.entries(body.value)
  for (const [name] of fields) {
    if (inPath.has(name)) mistakes.push(mistake('body', name, 'is given in the path and may not stand in the body'))
  }
  return fields
}

function fromQuery(
  operation: ResolvedOperation,
  name: string,
  values: readonly string[],
  mistakes: InputMistake[],
): JsonValue | undefined {
  const schema = fieldSchema(operation, [name])
  if (schema === undefined || pathParameters(operation).includes(name)) {
    mistakes.push(mistake('query', name, 'is not a parameter'))
    return undefined
  }
  const isList = typesOf(schema).has('array')
  if (!isList && values.length > 1) {
    mistakes.push(mistake('query', name, 'is given more than once'))
    return undefined
  }
  const element = isList ? fieldSchema(operation, [name, '0']) : schema
  const found = values.map((text) => fromText(element, text))
  if (found.some((value) => value === undefined)) {
    mistakes.push(
      mistake(
        'query',
        name,
        wantsNumber(element) ? 'must be a number in plain decimal digits' : 'must be true or false',
      ),
    )
    return undefined
  }
  const settled = found.filter((value) => value !== undefined)
  return isList ? settled : settled[0]
}

/** A parameter's text as its schema wants it; undefined when it is no such thing. */
function fromText(schema: JsonSchema | undefined, text: string): JsonValue | undefined {
  const types = schema === undefined ? new Set<string>() : typesOf(schema)
  if (types.has('string') || types.size === 0) return text
  if (wantsNumber(schema)) {
    const plain = /^-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,15})?$/.test(text)
    const value = Number(text)
    return plain && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : undefined
  }
  if (types.has('boolean')) return text === 'true' ? true : text === 'false' ? false : undefined
  return text
}

function wantsNumber(schema: JsonSchema | undefined): boolean {
  const types = schema === undefined ? new Set<string>() : typesOf(schema)
  return types.has('integer') || types.has('number')
}

function parsed(operation: ResolvedOperation, gathered: JsonObject): GatheredInput {
  const found = validated(operation, gathered)
  if ('input' in found) return found
  const inPath = new Set(pathParameters(operation))
  const otherwise = takesBody(operation) ? 'body' : 'query'
  const mistakes = found.issues.map(({ path, message }): InputMistake => {
    const first = path.split('/')[1] ?? ''
    return { in: inPath.has(first) ? 'path' : otherwise, pointer: path, message }
  })
  return { mistakes }
}
