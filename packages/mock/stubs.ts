import type { Plugin } from 'rolldown'

/** The packages of Prism that the bundle leaves out, because no request to the mock reaches them. */
export const unused = [
  // Random responses: the mock sends only examples.
  '@faker-js/faker',
  'json-schema-faker',
  // Other document formats.
  '@stoplight/http-spec/oas2/operation',
  '@stoplight/http-spec/postman/operation',
  // Requests to other servers: the contract has no callbacks, and the mock isn't a proxy.
  'http-proxy-agent',
  'https-proxy-agent',
  'node-fetch',
  // Logging: the mock gives Prism a logger that logs nothing.
  'pino',
]

const prefix = '\0left-out:'

/** Replaces packages. A call to one of them throws an error that names it. */
export function leaveOut(names: readonly string[]): Plugin {
  return {
    name: 'leave-out',
    resolveId: (source) => (names.includes(source) ? prefix + source : undefined),
    load: (id) => (id.startsWith(prefix) ? replacementFor(id.slice(prefix.length)) : undefined),
  }
}

/**
 * Replaces the deprecated `url.resolve`, for which Node prints a warning at each start of the bundle.
 *
 * @see https://nodejs.org/api/url.html#urlresolvefrom-to
 */
export function replaceUrlResolve(): Plugin {
  const code = `((from, to) => {
    const url = new URL(to, new URL(from, 'resolve://'))
    return url.protocol === 'resolve:' ? url.pathname + url.search + url.hash : url.href
  })`
  return {
    name: 'replace-url-resolve',
    transform: (source, id) =>
      /json-schema-ref-parser.lib.util.url\.js$/.test(id)
        ? source.replace('require("url").resolve', code)
        : undefined,
  }
}

/** Prism configures json-schema-faker with `extend` and `option` when it's loaded. */
function replacementFor(name: string): string {
  return `
    const fail = (name) => {
      throw new Error('The mock leaves out ' + name + ', but a request needs it. Please report the request.')
    }
    const replace = (name) => new Proxy(function () {}, {
      get: (_, key) => replace(name + '.' + String(key)),
      apply: () => /^json-schema-faker\\.JSONSchemaFaker\\.(extend|option)$/.test(name) || fail(name),
      construct: () => fail(name),
    })
    module.exports = replace(${JSON.stringify(name)})`
}
