/** The projects: how a framework's own starter makes one, what it installs, and what it must print and serve. */

export interface Project {
  /** Also its folder here, unless `files` names another. Its files are copied over those of the starter. */
  name: string
  files?: string
  /** The npm package that makes the project, with its version. */
  starter: string
  /** Makes the folder `app`. `$STARTER` is the starter. */
  create: string
  /** The packages of this repository that are installed from tarballs. */
  packages: readonly ('client' | 'sandbox' | 'spec')[]
  steps: readonly Step[]
}

/**
 * Commands, with the sandbox's URL as `$SANDBOX_URL`. Each response starts with its status and its location. `shows` is
 * the text that a browser must show.
 */
export type Step =
  | { build: string; prints?: readonly RegExp[] }
  | { run: string; prints?: readonly RegExp[] }
  | { serve: string; responses: Readonly<Record<string, RegExp>> }
  | { serve: string; shows: string }

const numbers = '678-932-1578, 887-213-6744'
const ok = /^200.*678-932-1578.*887-213-6744/s
const createNext = 'npx --yes $STARTER app --yes --use-npm --disable-git'

export const projects: readonly Project[] = [
  {
    name: 'nestjs',
    starter: '@nestjs/cli@11.0.24',
    create: 'npx --yes $STARTER new app --package-manager npm --skip-git',
    packages: ['client', 'sandbox'],
    steps: [
      { build: 'npm run build' },
      { run: 'npm test', prints: [/Tests: +3 passed, 3 total/] },
      {
        serve: 'PORT=0 npm run start:prod',
        responses: { '/phones': ok, '/phones/missing': /^404.*no such phone/s },
      },
    ],
  },
  {
    // Since version 12, the default is ES modules and Vitest instead of CommonJS and Jest.
    name: 'nestjs-12',
    starter: '@nestjs/cli@12.0.8',
    create: 'npx --yes $STARTER new app --package-manager npm --skip-git --no-observe',
    packages: ['client', 'sandbox'],
    steps: [
      { build: 'npm run build' },
      { run: 'npm test', prints: [/Tests +2 passed/] },
      { serve: 'PORT=0 npm run start:prod', responses: { '/phones': ok } },
    ],
  },
  {
    name: 'nextjs',
    starter: 'create-next-app@16.4.3',
    create: createNext,
    packages: ['client'],
    steps: [
      // A page with ƒ is rendered for each request, one with ○ at build time, and one with ◐ partly.
      { build: 'npm run build', prints: [/ƒ \/at-request/, /○ \/at-build/, /ƒ \/undecided/, /ƒ \/result/] },
      {
        serve: 'npm run start -- --port 0',
        responses: {
          '/api/phones': ok,
          '/at-request': ok,
          '/at-build': ok,
          '/undecided': ok,
          '/result': ok,
          '/missing': /^404/,
          '/moved': /^307 .*\/at-request/,
        },
      },
    ],
  },
  {
    name: 'nextjs-cache-components',
    starter: 'create-next-app@16.4.3',
    create: createNext,
    packages: ['client'],
    steps: [
      { build: 'npm run build', prints: [/◐ \/suspense/, /○ \/cached/, /◐ \/both/, /◐ \/session/] },
      {
        serve: 'npm run start -- --port 0',
        responses: { '/api/phones': ok, '/suspense': ok, '/cached': ok, '/both': ok, '/session': ok },
      },
    ],
  },
  {
    name: 'vite',
    starter: 'create-vite@9.3.0',
    create: 'npx --yes $STARTER app --template vanilla-ts --no-interactive && cd app && npm install',
    packages: ['client'],
    steps: [
      { build: 'npm run build', prints: [/dist\/assets\/index-.+\.js/, /built in/] },
      { run: '! grep -rE "[\'\\"\\`]node:" dist' },
      { serve: 'npm run preview -- --port 0', shows: numbers },
    ],
  },
  {
    // Its `wrangler.jsonc` has an old compatibility date. Since 2024-11-11, Workers have the option `cache` of `fetch`.
    name: 'worker',
    starter: 'create-cloudflare@2.74.0',
    create: 'npx --yes $STARTER app --type hello-world --lang ts --no-deploy --no-git --no-agents',
    packages: ['client'],
    steps: [
      { build: 'npx tsc --noEmit' },
      { build: 'npx wrangler deploy --dry-run --outdir dist', prints: [/Total Upload/] },
      {
        serve: 'npx wrangler dev --port 0 --var SANDBOX_URL:$SANDBOX_URL',
        responses: { '/token': ok, '/login': ok },
      },
    ],
  },
  {
    name: 'jest-commonjs',
    starter: 'jest@30.5.2',
    create: 'mkdir app && cd app && npm init --yes && npm install $STARTER',
    packages: ['client', 'sandbox', 'spec'],
    steps: [{ run: 'npx jest', prints: [/Tests: +3 passed, 3 total/] }],
  },
  requireWithNode('20.19.6'),
  requireWithNode('22.12.0'),
]

function requireWithNode(version: string): Project {
  return {
    name: `require-node-${version.split('.')[0]}`,
    files: 'require',
    // Unlike `node`, the package for one kind of machine has no install script.
    starter: `node-${process.platform}-${process.arch}@${version}`,
    create: 'mkdir app && cd app && npm init --yes && npm install $STARTER',
    packages: ['client', 'spec'],
    steps: [{ run: 'node main.js', prints: [new RegExp(`^v${version}\n${numbers}\nnot_found true$`, 'm')] }],
  }
}
