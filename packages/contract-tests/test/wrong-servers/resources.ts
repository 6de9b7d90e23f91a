/** Defects of every resource of the contract, made from its operations and documented requests. */
import { isDeepStrictEqual } from 'node:util'
import { type ContractOperation, operations, resources } from '../../src/contract.ts'
import { asked, instead, json, type Request, type WrongServer } from './defect.ts'

const invalid = json(422, { message: 'The given data was invalid.', errors: {} })

/** Whether a request goes to this operation. */
const goesTo =
  ({ method, path }: ContractOperation) =>
  (request: Request) =>
    request.method === method && new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(request.path)

export const everyResource: WrongServer[] = [
  ...operations.flatMap((operation) =>
    Object.entries(operation.requests).map(
      ([name, body]): WrongServer => [
        `${operation.id} refuses the documented request ${name}`,
        `takes-${operation.id}-${name}`,
        () =>
          instead((request) => goesTo(operation)(request) && isDeepStrictEqual(request.body, body), invalid),
      ],
    ),
  ),
  ...resources.flatMap(({ tag, create, update, delete: remove }): WrongServer[] => [
    [
      `${remove.id} only says that it deletes`,
      `life-of-${tag.toLowerCase().replaceAll(' ', '-')}`,
      () => instead(goesTo(remove), json(200, { data: { success: true } })),
    ],
    ...[create, update].map(
      (operation): WrongServer => [
        `${operation.id} takes any body`,
        `misfits-refused-${operation.id}`,
        () => asked(goesTo(operation), () => ({ body: Object.values(operation.requests)[0] })),
      ],
    ),
  ]),
]
