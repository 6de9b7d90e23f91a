/** The settings of the site. */

/** The URL of the site, without its folder. Canonical links, the sitemap and `llms.txt` need it. */
export const origin = process.env.DOCS_SITE || 'http://127.0.0.1:4000'

/** The folder of the site, with a slash at both ends. */
export const base = process.env.DOCS_BASE || '/'

/** The URL of the start page. */
export const root = new URL(base, origin).href

/** The URL of the repository. While it's empty, no page mentions a repository. */
export const repository = ''
