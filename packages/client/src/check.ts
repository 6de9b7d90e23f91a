/** Holds answers against schemas, for those who want to know at once when the API departs from its contract. */
import type { AnswerCheck } from './call.ts'

/**
 * What can judge an answer: a Standard Schema (Zod, Valibot, ArkType and others), a validator that Ajv compiled, or
 * what `@recoveryconnect/spec/validators` has for an operation.
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
 * A check for {@link CallOptions.checkAnswer} from one validator per operation; an operation without one is not
 * checked. The data stays as it came: what a schema would convert is not converted. An answer that does not fit is
 * an `unexpected_response` whose `problems` name the places, never the values.
 *
 * @example
 * import { listBorrowerPhones } from '@recoveryconnect/spec/validators'
 *
 * const rc = createClient({ token, checkAnswer: checkAnswers({ listBorrowerPhones }) })
 */
export function checkAnswers(validators: Readonly<Record<string, Validator>>): AnswerCheck {
  return async (operation, answer) => {
    const given = Object.hasOwn(validators, operation) ? validators[operation] : undefined
    if (!given) return []
    const validator = 'responses' in given ? given.responses[200] : given
    if ('~standard' in validator) {
      const { issues = [] } = await validator['~standard'].validate(answer)
      return issues.map(({ path = [] }) =>
        named(path.map((part) => (typeof part === 'object' ? part.key : part))),
      )
    }
    if (validator(answer)) return []
    const { errors } = validator
    return errors?.length
      ? errors.map(({ instancePath }) => named(instancePath.split('/').slice(1)))
      : ['(somewhere)']
  }
}

/** A place as `data.0.number`. A name that the server made up could be a value: it is left out. */
function named(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (/^([A-Za-z_]{1,40}|\d{1,4})$/.test(String(part)) ? String(part) : '?'))
  return parts.join('.') || '(root)'
}
