/** Renders types, literals and docstrings as Python code. */
import type { Json, Schema } from '@recoveryconnect/spec/model'

/** The types to render, by name. */
export type Named = Map<string, Schema>

export function isObject(schema: Schema | undefined): boolean {
  return Object.keys(schema?.properties ?? {}).length > 0
}

/** A `TypedDict` for a schema with properties, or nothing for another one. */
export function renderType(name: string, schema: Schema, named: Named): string[] {
  if (!isObject(schema)) return []
  const fields = Object.entries(schema.properties).map(([field, inner]) => {
    const type = typeOf(inner, `${name}${pascal(field)}`, named)
    return { field, type: schema.required.includes(field) ? type : `NotRequired[${type}]`, inner }
  })
  // Only names can be fields of a class.
  if (fields.some(({ field }) => !isName(field)))
    return [
      '',
      '',
      `${name} = TypedDict(${quote(name)}, {`,
      ...fields.map(({ field, type }) => `    ${quote(field)}: ${quote(type)},`),
      '})',
    ]
  return [
    '',
    '',
    `class ${name}(TypedDict):`,
    ...renderDocstring(schema.description || name, '    '),
    '',
    ...fields.flatMap(({ field, type, inner }) => [
      `    ${field}: ${type}`,
      ...(inner.description ? renderDocstring(inner.description, '    ') : []),
    ]),
  ]
}

/** The type of a schema. An object without a name of its own gets the given one. */
export function typeOf(schema: Schema, name: string, named: Named): string {
  if (schema.enum?.length) return `Literal[${schema.enum.map(renderLiteral).join(', ')}]`
  const types = schema.types.map((type) => {
    if (type === 'array') return `List[${schema.items ? typeOf(schema.items, `${name}Item`, named) : 'Any'}]`
    if (type === 'object') return objectType(schema, name, named)
    return { integer: 'int', number: 'float', string: 'str', boolean: 'bool', null: 'None' }[type] ?? 'Any'
  })
  const distinct = [...new Set(types)]
  return distinct.length > 1 ? `Union[${distinct.join(', ')}]` : (distinct[0] ?? 'Any')
}

function objectType(schema: Schema, name: string, named: Named): string {
  if (!isObject(schema)) {
    const inner = schema.additionalProperties
    return `Dict[str, ${inner ? typeOf(inner, `${name}Value`, named) : 'Any'}]`
  }
  const own = schema.name ?? name
  if (!named.has(own)) named.set(own, schema)
  return own
}

/** A docstring. Its text is Markdown, and can have quotes and backslashes. */
export function renderDocstring(text: string, indent: string): string[] {
  const lines = text
    .trim()
    .replaceAll('\\', '\\\\')
    .replaceAll('"""', '\\"\\"\\"')
    .replace(/"$/, '\\"')
    .split('\n')
  if (lines.length === 1) return [`${indent}"""${lines[0]}"""`]
  return [...lines.map((line, n) => `${indent}${n ? '' : '"""'}${line}`.trimEnd()), `${indent}"""`]
}

/** A JSON value as a Python literal. */
export function renderLiteral(value: Json): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(renderLiteral).join(', ')}]`
  if (typeof value !== 'object') return typeof value === 'string' ? quote(value) : String(value)
  return `{${Object.entries(value)
    .map(([key, inner]) => `${quote(key)}: ${renderLiteral(inner)}`)
    .join(', ')}}`
}

/** JSON strings are valid in Python. */
export function quote(text: string): string {
  return JSON.stringify(text)
}

/** @example pascal('date_of-birth') // 'DateOfBirth' */
export function pascal(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

const keywords =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  )

export function isName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !keywords.includes(name)
}
