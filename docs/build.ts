/**
 * Builds the site into `dist/`: the pages as they stand in `site/`, and what is made from the contract.
 *
 * Two builds of one source are equal byte by byte. No page names another origin to load from.
 */
import { cp, mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { buildRedoc } from './redoc.ts'
import { dist } from './serve.ts'

const contract = fileURLToPath(new URL('../spec/dist/openapi.yaml', import.meta.url))

await rm(dist, { recursive: true, force: true })
await mkdir(dist)
await cp(new URL('site/', import.meta.url), dist, { recursive: true })
await buildRedoc(contract, dist)
for (const name of ['openapi.yaml', 'openapi.json', 'openapi-3.0.json'])
  await cp(new URL(`../spec/dist/${name}`, import.meta.url), new URL(name, dist))
