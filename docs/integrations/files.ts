/** Adds the files that aren't pages to the built site: downloads and Redoc. */
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { writeDownloads } from '../downloads.ts'
import { buildRedoc } from '../redoc.ts'

export function files(): AstroIntegration {
  return {
    name: 'files',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir)
        await Promise.all([writeDownloads(folder), buildRedoc(`${folder}redoc`)])
      },
    },
  }
}
