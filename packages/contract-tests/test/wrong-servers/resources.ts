/** Defects of every resource of the contract, made from its operations and documented requests. */
import { isDeepStrictEqual } from 'node:util'
import { type ContractOperation, nodeAt, operations, resolve, resources } from '../../src/contract.ts'
import { asked, type Body, instead, json, type Request, refused, sent, type WrongServer } from './defect.ts'

const invalid = json(422, { message: 'The given data was invalid.', errors: {} })

/** The first documented request, or of it those fields alone that hold one of a few codes. */
function exampleOf({ request = '', requests }: ContractOperation, codesAlone = false): Body {
  const fields = Object.entries(Object.values(requests)[0] as object)
  const isCode = (name: string) => resolve(nodeAt(`${request}/properties/${name}`)).enum !== undefined
  return Object.fromEntries(fields.filter(([name]) => !codesAlone || isCode(name)))
}

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
  ...resources.flatMap(({ tag, list, create, update, delete: remove }): WrongServer[] => [
    ...(
      [
        [
          `${remove.id} only says that it deletes`,
          () => instead(goesTo(remove), json(200, { data: { success: true } })),
        ],
        [
          `${remove.id} deletes what is not there`,
          () =>
            refused(404, (answer, request) =>
              goesTo(remove)(request) ? json(200, { data: { success: true } }) : answer,
            ),
        ],
        [
          `${list.id} is empty where nobody is`,
          () => refused(404, (answer, request) => (goesTo(list)(request) ? json(200, { data: [] }) : answer)),
        ],
        [
          `${update.id} fills in what was not sent`,
          () => sent(goesTo(update), (body) => ({ ...exampleOf(create), ...body })),
        ],
        [
          `${create.id} knows one code of each`,
          () => sent(goesTo(create), (body) => ({ ...body, ...exampleOf(create, true) })),
        ],
      ] as const
    ).map(
      ([defect, make]): WrongServer => [defect, `life-of-${tag.toLowerCase().replaceAll(' ', '-')}`, make],
    ),
    ...[create, update].map(
      (operation): WrongServer => [
        `${operation.id} takes any body`,
        `misfits-refused-${operation.id}`,
        () => asked(goesTo(operation), () => ({ body: Object.values(operation.requests)[0] })),
      ],
    ),
  ]),
]
