/** What the generated operations and the client agree on. Types only. */

/** One operation of the contract, as far as a request needs it. Generated. */
export interface Operation {
  /** The contract's `operationId`. */
  readonly id: string
  readonly method: string
  /** The path template, `/api/v140/orders/{order_id}`. */
  readonly path: string
  /** Whether sending it twice does the same as sending it once. */
  readonly mayRepeat: boolean
  /** Whether it is sent without a token. */
  readonly anonymous?: boolean
  /** The names of its query parameters. */
  readonly query?: readonly string[]
  /** The keys that its body may have. */
  readonly keys?: KnownKeys
  /** The properties that every answer has, with their JSON type. */
  readonly answer: Readonly<Record<string, string>>
  /** Whether the answer says by `data.success` that it was carried out. */
  readonly confirms?: boolean
}

/** `any` value, a 0/1 `flag`, or the known keys of an object below. */
export interface KnownKeys {
  readonly [key: string]: 'any' | 'flag' | KnownKeys
}

/** What a single call may change. */
export interface CallOptions {
  /** Ends the call. */
  signal?: AbortSignal
}

/** The answer of an operation on its way. */
export type Call<Answer> = Promise<Answer>

/** A connection to the API without any resource; pass it to the factories of the resources. */
export interface Connection {
  call<Answer>(
    operation: Operation,
    ids: object,
    body: unknown,
    options: CallOptions | undefined,
  ): Call<Answer>
  /** The resource that a factory makes of this connection; made once. */
  use<Resource>(factory: (connection: Connection) => Resource): Resource
}
