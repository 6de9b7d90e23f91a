/** The shape of the model: plain data, with every reference followed. */

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Where a claim comes from. Empty if the claim is in the vendor's document for this section. */
export interface Provenance {
  /** `x-assumed`: we assume it, for this reason. */
  assumed?: string
  /** `x-source`: another page of the vendor says so. */
  source?: string
  /** `x-question`: what only the vendor knows. */
  question?: string
}

export interface Model {
  /** The document itself, for tools that read OpenAPI. Don't change it; make a copy instead. */
  document: Record<string, Json>
  title: string
  summary: string
  description: string
  version: string
  servers: { url: string; description: string; provenance: Provenance }[]
  /** In the order of the document. */
  operations: Operation[]
  /** In the order of the document's tags; tags without an operation are left out. */
  resources: Resource[]
  /** `components/schemas`, by name. */
  schemas: Record<string, Schema>
  /** `components/examples`, by name. */
  examples: Record<string, Example>
  /** Every `x-assumed`, `x-source` and `x-question`, in the order of the document. */
  marks: Mark[]
}

/** The names of methods that have a defined meaning. */
export type Verb = 'list' | 'get' | 'create' | 'update' | 'delete'

export interface Operation {
  /** The `operationId`, or else a name made from method and path. */
  id: string
  /** In upper case. */
  method: string
  /** The template: `/orders/{order_id}`. */
  path: string
  pointer: string
  summary: string
  description: string
  /** The first tag; "Other" if it has none. */
  tag: string
  /** The {@link Resource.name} of its resource. */
  resource: string
  /** Its name within the resource: the verb, or the whole `operationId` if that doesn't fit the tag. */
  name: string
  /** Set if `name` is a verb. */
  verb?: Verb
  /** The parameters of the path item and of the operation. If both define one, the operation's wins. */
  parameters: Parameter[]
  body?: RequestBody
  responses: Response[]
  /** The alternatives, each as the names of its security schemes. An empty alternative needs no credentials. */
  security: string[][]
  /** False if a request without credentials is allowed. */
  needsToken: boolean
  provenance: Provenance
}

/** The operations of one tag. */
export interface Resource {
  /** "Borrower Phones" */
  tag: string
  /** `borrowerPhones`, for code. */
  name: string
  /** `BorrowerPhones`, for types. */
  typeName: string
  /** `borrower-phones`, for files and URLs. */
  slug: string
  description: string
  operations: Operation[]
  /** Its operations by verb. */
  byVerb: Partial<Record<Verb, Operation>>
  /** The path parameter that names a record: `phone_id`. */
  recordId?: string
  /** The {@link Resource.name} of the resource whose records it belongs to. */
  parent?: string
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required: boolean
  description: string
  pointer: string
  schema: Schema
  /** The parameter's own example, or else the first example of its schema. */
  example: Json | undefined
  provenance: Provenance
}

/** What a request or a response carries. Without JSON (`application/json`) it has no schema and no examples. */
export interface Body {
  /** As the document writes it: `application/json`, maybe with a charset. */
  mediaType?: string
  schema?: Schema
  examples: Example[]
}

export interface RequestBody extends Body {
  required: boolean
  description: string
  pointer: string
  provenance: Provenance
}

export interface Response extends Body {
  /** `200`, a range such as `4XX`, or `default`. */
  status: string
  description: string
  pointer: string
  /** Its name in `components/responses`, if it is defined there. */
  component?: string
  headers: Header[]
  provenance: Provenance
}

export interface Header {
  name: string
  description: string
  example: Json | undefined
}

/** A named example of a body. */
export interface Example {
  /** Its name where it is used; `default` for the only example of a body. */
  name: string
  pointer: string
  /** Its name in `components/examples`, if it is defined there. */
  component?: string
  summary: string
  value: Json
  /** The status that the example has: `x-status`, or the status of its response. Undefined in a request. */
  status?: number
  provenance: Provenance
}

/**
 * A JSON schema with the parts of `allOf`, `anyOf` and `oneOf` merged in: every property that a value may have, and the
 * properties that every value must have. A schema may contain itself.
 */
export interface Schema {
  pointer: string
  /** Its name in `components/schemas`, if it is defined there. */
  name?: string
  description: string
  /** As JSON Schema names them: `['string', 'null']`. Empty if any type is allowed. */
  types: string[]
  format?: string
  pattern?: string
  enum?: Json[]
  properties: Record<string, Schema>
  required: string[]
  items?: Schema
  /** The schema of properties that `properties` doesn't name. */
  additionalProperties?: Schema
  examples: Json[]
  provenance: Provenance
}

/** One `x-assumed`, `x-source` or `x-question`. */
export interface Mark {
  kind: keyof Provenance
  /** The place of the claim that it marks. */
  pointer: string
  text: string
}
