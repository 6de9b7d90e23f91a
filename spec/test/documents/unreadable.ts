import { type Node, tagged, write } from './write.ts'

/** Documents that can't be understood, with a part of the message that names the place and what to do. */
export const unreadableDocuments: { what: string; document: Node; message: RegExp }[] = [
  {
    what: 'another version of OpenAPI',
    document: { openapi: '3.0.3' },
    message: /#\/openapi: .*3\.0\.3.*Convert/,
  },
  {
    what: 'no document at all',
    document: {},
    message: /#\/openapi/,
  },
  {
    what: 'a reference to nothing',
    document: write({
      '/things': { get: tagged('listThings', { responses: { 200: { $ref: '#/components/responses/No' } } }) },
    }),
    message: /#\/paths\/~1things\/get\/responses\/200: .*#\/components\/responses\/No leads nowhere/,
  },
  {
    what: 'references in a circle',
    document: write(
      { '/things': { $ref: '#/components/pathItems/A' } },
      {
        components: {
          pathItems: { A: { $ref: '#/components/pathItems/B' }, B: { $ref: '#/components/pathItems/A' } },
        },
      },
    ),
    message: /leads back to itself/,
  },
  {
    what: 'a reference to another file',
    document: write({ '/things': { $ref: 'things.yaml' } }),
    message: /#\/paths\/~1things: .*things\.yaml.*Bundle/,
  },
  {
    what: 'two operations of one id',
    document: write({ '/things': { get: tagged('listThings') }, '/parts': { get: tagged('listThings') } }),
    message: /#\/paths\/~1parts\/get: .*listThings isn't unique/,
  },
  {
    what: 'a path parameter that is not declared',
    document: write({ '/things/{thing_id}': { get: tagged('getThing') } }),
    message: /#\/paths\/~1things~1\{thing_id\}\/get: .*\{thing_id\}.*Declare/,
  },
  {
    what: 'OpenAPI 3.2, which has further methods',
    document: { ...write({ '/things': { query: tagged('queryThings') } }), openapi: '3.2.0' },
    message: /#\/openapi: .*3\.2\.0/,
  },
  {
    what: 'a reference that is not a URL',
    document: write({ '/things': { $ref: '#/components/pathItems/50%' } }),
    message: /#\/paths\/~1things: .*50%/,
  },
  {
    what: 'a parameter that is not an object',
    document: write({ '/things': { parameters: [null], get: tagged('listThings') } }),
    message: /#\/paths\/~1things\/parameters\/0: .*isn't an object/,
  },
  {
    what: 'two tags of one name',
    document: write({
      '/things': { get: tagged('listThings', { tags: ['Big Things'] }) },
      '/all': { get: tagged('listAll', { tags: ['big things'] }) },
    }),
    message: /#\/tags: "Big Things" and "big things".*Rename/,
  },
]
