// An input against the JSON Schema that the API description shows: all that is wrong with it at once, in words for a caller.

import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { pointer } from '../codec/text/strict-json.ts'
import type { InputIssue } from '../contract/catalog.ts'
import type { JsonSchema } from '../contract/json.ts'
import { jsonPattern } from '../wire/pattern/pattern.ts'

/** Gives the mistakes of a value, outer ones first; none when it fits. Formats are not looked at: patterns and records say more. */
export type SchemaCheck = (value: unknown) => readonly InputIssue[]

/** Compiles a schema once. Keywords beyond JSON Schema (`x-class`) mean nothing here. */
export function schemaCheck(schema: JsonSchema): SchemaCheck {
  const code = { regExp: patternOf }
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    validateFormats: false,
    logger: false,
    code,
  })
  const validate = ajv.compile(schema)
  return (value) => (validate(value) ? [] : issuesIn(validate.errors ?? []))
}

/**
 * Matches in linear time, whatever a caller sends. What is not regular is left to JavaScript: `check` lets through no such pattern but
 * zod's own. Its text is the key by which a compiled schema knows a pattern.
 */
const patternOf = Object.assign(
  (source: string, flags: string) => {
    const matcher = jsonPattern(source)
    return matcher ? { test: matcher.matches, toString: () => `/${source}/${flags}` } : new RegExp(source, flags)
  },
  { code: 'patternOf' },
)

/** What is wrong with a number where a string is wanted: JavaScript may have lost digits of it. */
export const asString = 'must be given as a string, in double quotes, so that no digit is lost'

function issuesIn(errors: readonly ErrorObject[]): readonly InputIssue[] {
  const mistakes = new Map<string, InputIssue>()
  // What is wrong with each of several variants is noise beside the fact that none fits.
  for (const error of errors.filter(({ schemaPath }) => !/\/(?:oneOf|anyOf|if|then|else)\/./.test(schemaPath))) {
    const place = placeOf(error)
    if (!mistakes.has(place)) mistakes.set(place, { path: place, message: wording(error) })
  }
  return [...mistakes.values()]
}

function placeOf({ keyword, instancePath, params }: ErrorObject): string {
  if (keyword === 'required') return pointer(instancePath, String(params.missingProperty))
  if (keyword === 'additionalProperties') return pointer(instancePath, String(params.additionalProperty))
  if (keyword === 'unevaluatedProperties') return pointer(instancePath, String(params.unevaluatedProperty))
  return instancePath
}

function wording({ keyword, params, data }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is missing'
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a field'
    case 'type':
      return typeof data === 'number' && wants(params.type, 'string') ? asString : `must be ${listed(params.type)}`
    case 'enum':
      return typeof data === 'number' && wants(params.allowedValues, '')
        ? asString
        : `must be one of ${list(params.allowedValues)}`
    case 'const':
      return `must be ${String(params.allowedValue)}`
    case 'pattern':
      return typeof data === 'string' ? `must match ${params.pattern}` : 'has the wrong form'
    case 'maxLength':
      return `must have at most ${params.limit} characters`
    case 'minLength':
      return `must have at least ${params.limit} characters`
    case 'maxItems':
      return `must have at most ${params.limit} elements`
    case 'minItems':
      return `must have at least ${params.limit} elements`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${params.comparison} ${params.limit}`
    case 'oneOf':
    case 'anyOf':
      return 'fits none of the variants that the schema describes, or more than one'
    default:
      return 'does not fit the schema'
  }
}

/** Whether a type, or one of the listed values, is of the kind that is looked for. */
function wants(what: unknown, kind: string): boolean {
  return [what].flat().some((one) => (kind === '' ? typeof one === 'string' : one === kind))
}

function listed(types: unknown): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a string',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
    array: 'an array',
    null: 'null',
  }
  return String(types)
    .split(',')
    .map((name) => names[name] ?? name)
    .join(' or ')
}

function list(values: unknown): string {
  return (Array.isArray(values) ? values : []).map(String).join(', ')
}
