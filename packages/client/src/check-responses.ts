/** Validates responses against schemas, so that you find out immediately when the API deviates from its contract. */
import type { operations } from '@recoveryconnect/spec'
import type { ResponseCheck } from './call.ts'
import { showName } from './input.ts'

/**
 * A Standard Schema (Zod, Valibot, ArkType and others), a validator compiled by Ajv, or an operation's validators from
 * `@recoveryconnect/spec/validators`.
 *
 * @see https://standardschema.dev
 */
export type Validator =
  | StandardSchema
  | CompiledValidator
  | { readonly responses: { readonly 200: CompiledValidator } }

interface StandardSchema {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>
  }
}

interface SchemaResult {
  readonly issues?:
    | readonly { readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }[]
    | undefined
}

interface CompiledValidator {
  (value: unknown): unknown
  errors?: readonly { readonly instancePath: string }[] | null | undefined
}

/**
 * Creates a check for {@link CallOptions.checkResponse} from one validator per operation. Operations without a
 * validator aren't checked. The data that you get stays as it was sent, even if a schema converts values. An invalid
 * response throws an `unexpected_response`. Its `problems` list the paths and never the values.
 *
 * @example
 * import { listBorrowerPhones } from '@recoveryconnect/spec/validators'
 *
 * const rc = createClient({ token, checkResponse: checkResponses({ listBorrowerPhones }) })
 */
export function checkResponses(
  validators: {
    readonly [Id in keyof operations]?: Validator | undefined
  },
): ResponseCheck {
  return async (operation, body) => {
    const given = Object.hasOwn(validators, operation) ? validators[operation as keyof operations] : undefined
    if (!given) return []
    const validator = 'responses' in given ? given.responses[200] : given
    if ('~standard' in validator) {
      const { issues = [] } = await validator['~standard'].validate(body)
      return issues.map(({ path = [] }) =>
        formatPath(path.map((part) => (typeof part === 'object' ? part.key : part))),
      )
    }
    if (validator(body)) return []
    const { errors } = validator
    return errors?.length
      ? errors.map(({ instancePath }) => formatPath(instancePath.split('/').slice(1)))
      : ['(unknown)']
  }
}

/** Formats a path as `data.0.number`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path.map((part) => showName(String(part))).join('.') || '(root)'
}
