import { fileURLToPath } from 'node:url'
import starlight from '@astrojs/starlight'
import { defineConfig, passthroughImageService } from 'astro/config'
import { writeDownloads } from './downloads.ts'
import { writeMarkdown } from './integrations/assistants.ts'
import { finishPages } from './integrations/pages.ts'
import { buildRedoc } from './redoc.ts'
import { linkTo, methodBadges, model } from './reference.ts'
import { base, origin, repository, root } from './site.ts'

const link = (href: string) => href.slice(base.length - 1)

export default defineConfig({
  site: origin,
  base,
  // Starlight's default, sharp, needs an install script. The site has no images that it could shrink.
  image: { service: passthroughImageService() },
  integrations: [
    starlight({
      title: 'RecoveryConnect',
      description: model.summary,
      head: ['og:image', 'twitter:image'].map((property) => ({
        tag: 'meta' as const,
        attrs: { property, content: `${root}social.png` },
      })),
      // Long lines wrap, because paper can't be scrolled.
      expressiveCode: { defaultProps: { wrap: true } },
      customCss: ['./src/styles/site.css'],
      social: repository ? [{ icon: 'github', label: 'Repository', href: repository }] : [],
      sidebar: [
        { label: 'Start', items: ['quickstart', { label: 'Try it', slug: 'try' }, 'downloads'] },
        { label: 'Recipes', items: [{ autogenerate: { directory: 'recipes' } }] },
        { label: 'Guides', items: [{ autogenerate: { directory: 'guides' } }] },
        {
          label: 'Reference',
          items: [
            { label: 'Overview', slug: 'reference' },
            ...model.resources.map(({ tag, operations }) => ({
              label: tag,
              items: operations.map(({ summary, id, method }) => ({
                label: summary,
                link: link(linkTo.operation(id)),
                badge: { text: method, variant: methodBadges[method] ?? ('default' as const) },
              })),
            })),
            {
              label: 'Schemas',
              collapsed: true,
              items: Object.keys(model.schemas).map((name) => ({
                label: name,
                link: link(linkTo.schema(name)),
              })),
            },
            { label: 'Errors', link: '/reference/errors/' },
            { label: 'Assumptions and questions', slug: 'assumptions' },
            { label: 'Generated clients', slug: 'generated-clients' },
          ],
        },
        { label: 'More', items: ['changelog', 'host-a-sandbox'] },
      ],
    }),
    {
      name: 'files',
      hooks: {
        'astro:build:done': async ({ dir }) => {
          const folder = fileURLToPath(dir)
          await Promise.all([writeDownloads(folder), buildRedoc(`${folder}redoc`)])
          await finishPages(folder)
          await writeMarkdown(folder)
        },
      },
    },
  ],
})
