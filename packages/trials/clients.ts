/** The generated clients that the judge of `@recoveryconnect/faults` runs, and the settings that mend them. */
import { readFileSync } from 'node:fs'

export interface GeneratedClient {
  name: string
  /** The generator with its version. */
  generator: string
  /** What it needs, and a command that fails without it. Undefined for clients in TypeScript. */
  needs?: string
  probe?: string
  /** A template of OpenAPI Generator, with its options. */
  template?: [name: string, ...options: string[]]
  /** Files of `adapters/` that are copied to the client's folder, each with its path there. */
  files: Record<string, string>
  /** Other files, by path. */
  texts?: Record<string, string>
  /** Commands that build it in its folder. `$CONTRACT` is the contract as OpenAPI 3.0. */
  build: string[]
  /** Prints the language and the HTTP library with their versions, one line each. */
  versions: string
  /** Starts the adapter in the client's folder. */
  command: string
  /** What the second run changes. In Markdown. */
  mending: string[]
}

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
const requirements = read('requirements.txt')
const openapiGenerator = `OpenAPI Generator ${/openapi-generator-cli==(\S+)/.exec(requirements)?.[1]}`
const node =
  "\"$NODE\" -p \"'TypeScript on Node.js ' + process.versions.node.split('.')[0] + '\\nfetch (undici ' + process.versions.undici + ')'\""

function typescript(name: string, packages: string[], mending: string[]): GeneratedClient {
  const version = (one: string) => JSON.parse(read(`${one}/package.json`)).version
  const generator = packages
    .map((one) => `${one.replace(/^.*node_modules\//, '')} ${version(one)}`)
    .join(' with ')
  return { name, generator, files: {}, build: [], versions: node, command: '"$NODE" adapter.js', mending }
}

const fetchOptions = ["`redirect: 'error'`", '`signal: AbortSignal.timeout(…)`']
// Otherwise, these clients reject responses with a field that the contract doesn't name.
const lenient = '--additional-properties=disallowAdditionalPropertiesIfNotPresent=false'
const goVersions = 'go version | awk \'{ print "Go " substr($3, 3); print "net/http" }\''
const goOptions = ['`Client.CheckRedirect` that returns `http.ErrUseLastResponse`', '`Client.Timeout`']
const goModule = 'module trial\n\ngo 1.24\n'
const goBuild = 'CGO_ENABLED=0 go build -o adapter .'
const classpath = '".:generated/target/classes:$(cat generated/classpath)"'
const java = {
  needs: 'Java 17 and Maven',
  probe: 'javac -version && mvn -version',
  build: [
    'mvn --quiet --batch-mode --file generated/pom.xml -DskipTests compile dependency:build-classpath -Dmdep.outputFile=classpath',
    `javac -cp ${classpath} Adapter.java`,
  ],
  command: `java -cp ${classpath} Adapter`,
}
const jar = (name: string) =>
  `grep -o '${name}-[0-9.]*[0-9]' generated/classpath | head -1 | sed 's/${name}-//'`
const javaVersion = 'java --version | awk \'NR == 1 { print "Java " $2 }\''
const python = { needs: 'Python with venv', probe: 'python3 -m venv --help' }
const pythonVersion = 'import platform; print("Python " + platform.python_version())'

export const clients: readonly GeneratedClient[] = [
  typescript('hey-api', ['node_modules/@hey-api/openapi-ts'], ["`parseAs: 'json'`", ...fetchOptions]),
  typescript('orval', ['node_modules/orval'], fetchOptions),
  typescript('kubb', ['node_modules/@kubb/plugin-client'], fetchOptions.slice(1)),
  typescript(
    'openapi-typescript',
    ['node_modules/openapi-typescript', 'node_modules/openapi-fetch'],
    fetchOptions,
  ),
  typescript(
    'redocly',
    ['../../spec/node_modules/@redocly/cli'],
    ["`parseAs: 'json'`", "`redirect: 'error'`", '`timeout`'],
  ),
  {
    ...python,
    name: 'python',
    generator: `${openapiGenerator}, \`python\``,
    template: ['python'],
    files: { 'python.py': 'adapter.py' },
    build: [
      'python3 -m venv venv',
      'venv/bin/pip install --quiet --disable-pip-version-check urllib3==2.8.0 python-dateutil==2.9.0.post0 pydantic==2.12.5 typing-extensions==4.15.0',
    ],
    versions: `venv/bin/python -c '${pythonVersion}; import urllib3; print("urllib3 " + urllib3.__version__)'`,
    command: 'venv/bin/python adapter.py',
    mending: ['`Configuration(retries=False)`', '`_request_timeout`'],
  },
  {
    ...python,
    name: 'openapi-python-client',
    generator: 'openapi-python-client 0.29.1',
    files: { 'openapi-python-client.py': 'adapter.py' },
    texts: { 'config.yml': 'post_hooks: []\n' },
    build: [
      'python3 -m venv venv',
      'venv/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1 httpx==0.28.1',
      'venv/bin/openapi-python-client generate --path "$CONTRACT" --output-path generated --meta none --config config.yml --overwrite',
    ],
    versions: `venv/bin/python -c '${pythonVersion}; import httpx; print("httpx " + httpx.__version__)'`,
    command: 'venv/bin/python adapter.py',
    mending: ['`timeout=httpx.Timeout(…)`'],
  },
  {
    ...java,
    name: 'java-native',
    generator: `${openapiGenerator}, \`java\` with \`library=native\``,
    template: ['java', '--library=native', lenient],
    files: { 'JavaNative.java': 'Adapter.java' },
    versions: `${javaVersion}; echo java.net.http`,
    mending: ['`setReadTimeout(…)`'],
  },
  {
    ...java,
    name: 'java-okhttp',
    generator: `${openapiGenerator}, \`java\` with \`library=okhttp-gson\``,
    template: ['java', '--library=okhttp-gson', lenient],
    files: { 'JavaOkHttp.java': 'Adapter.java' },
    versions: `${javaVersion}; echo "OkHttp $(${jar('okhttp')})"`,
    mending: [
      '`retryOnConnectionFailure(false)`',
      'a network interceptor that removes `Retry-After`',
      '`followRedirects(false)`',
      '`callTimeout(…)`',
    ],
  },
  {
    name: 'php',
    generator: `${openapiGenerator}, \`php\``,
    needs: "PHP with curl and mbstring, and Debian's php-guzzlehttp-guzzle",
    probe: `php -r 'require "GuzzleHttp/autoload.php"; curl_init();'`,
    template: ['php'],
    files: { 'php.php': 'adapter.php' },
    build: [],
    versions: `php -r 'echo "PHP ", PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION, "\\n";'; echo "Guzzle $(dpkg-query --show --showformat='\${Version}' php-guzzlehttp-guzzle | cut -d- -f1) with curl $(php -r 'echo curl_version()["version"];')"`,
    command: 'php adapter.php',
    mending: ['`CURLOPT_FRESH_CONNECT`', '`allow_redirects: false`', '`timeout`'],
  },
  {
    name: 'ruby',
    generator: `${openapiGenerator}, \`ruby\``,
    needs: 'Ruby with Typhoeus',
    probe: 'ruby -r typhoeus -e ""',
    template: ['ruby'],
    files: { 'ruby.rb': 'adapter.rb' },
    build: [],
    versions: `ruby -r typhoeus -e 'puts "Ruby #{RUBY_VERSION}", "Typhoeus #{Typhoeus::VERSION} with curl #{Ethon::Curl.version[/[\\d.]+/]}"'`,
    command: 'ruby -I generated/lib adapter.rb',
    mending: ['`fresh_connect: true` in `Typhoeus.before`', '`followlocation: false` there', '`timeout`'],
  },
  {
    name: 'go',
    generator: `${openapiGenerator}, \`go\``,
    needs: 'Go',
    probe: 'go version',
    template: [
      'go',
      '--package-name=generated',
      '--additional-properties=withGoMod=false,disallowAdditionalPropertiesIfNotPresent=false',
    ],
    files: { 'go.go': 'adapter.go', 'frame.go': 'frame.go' },
    texts: { 'go.mod': goModule },
    build: [goBuild],
    versions: goVersions,
    command: './adapter',
    mending: goOptions,
  },
  {
    name: 'oapi-codegen',
    generator: 'oapi-codegen 2.8.2',
    needs: 'Go',
    probe: 'go version',
    files: { 'oapi-codegen.go': 'adapter.go', 'frame.go': 'frame.go' },
    texts: { 'go.mod': goModule },
    build: [
      'go get -tool github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2',
      'go get github.com/oapi-codegen/runtime@v1.9.0',
      'mkdir -p generated && go tool oapi-codegen -generate types,client -package generated -o generated/client.go "$CONTRACT"',
      goBuild,
    ],
    versions: goVersions,
    command: './adapter',
    mending: goOptions,
  },
]
