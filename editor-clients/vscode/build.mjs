// Bundles the extension (for Node, in the editor's process) and the chat's page (for webviews) into dist/.
import { build } from 'esbuild'

const common = { bundle: true, minify: true, legalComments: 'none', logLevel: 'warning', charset: 'utf8' }

/** Features of the language client that the server has nothing for, and that no other feature asks for. */
const UNUSED = [
  'callHierarchy',
  'colorProvider',
  'declaration',
  'fileOperations',
  'implementation',
  'inlineCompletion',
  'inlineValue',
  'linkedEditingRange',
  'signatureHelp',
  'typeDefinition',
  'typeHierarchy',
]
const NO_FEATURE = `
class Unused { fillClientCapabilities() {} initialize() {} clear() {} getState() { return { kind: 'static' } } }
module.exports = new Proxy({}, { get: () => Unused })`

/** The server has nothing for notebooks; other features still ask whether it has, and listen to what it would tell. */
const NO_NOTEBOOKS = `
const { NotebookDocumentSyncRegistrationType } = require('vscode-languageserver-protocol')
const never = () => ({ dispose() {} })
exports.NotebookDocumentSyncFeature = class {
  static CellScheme = 'vscode-notebook-cell'
  registrationType = NotebookDocumentSyncRegistrationType.type
  onOpenNotificationSent = never
  onChangeNotificationSent = never
  onSaveNotificationSent = never
  onCloseNotificationSent = never
  fillClientCapabilities() {}
  initialize() {}
  register() {}
  unregister() {}
  clear() {}
  handles() { return false }
  getProvider() {}
  getState() { return { kind: 'document', id: this.registrationType.method, registrations: false, matches: false } }
}`

/** Node has the same matcher itself. */
const MATCHER = `
const { matchesGlob } = require('node:path')
exports.Minimatch = class {
  constructor(pattern) { this.pattern = pattern }
  makeRe() { return true }
  match(path) { return matchesGlob(path, this.pattern) }
}`

/** The editor itself holds to the version that package.json asks for. */
const ANY_VERSION = 'module.exports = () => true'

/** What takes the place of modules that are large and not needed: a seventh of the bundle. */
const LEANER = [
  [new RegExp(`vscode-languageclient[/\\\\]lib[/\\\\]common[/\\\\](${UNUSED.join('|')})\\.js$`), NO_FEATURE],
  [/vscode-languageclient[/\\]lib[/\\]common[/\\]notebook\.js$/, NO_NOTEBOOKS],
  [/[/\\]minimatch[/\\]dist[/\\]\w+[/\\]index\.js$/, MATCHER],
  [/[/\\]semver[/\\]functions[/\\]\w+\.js$/, ANY_VERSION],
]

/** The same for the page: what the browser has itself, and of addresses in a text only those of http(s). */
const LEANER_PAGE = {
  entities: './src/webview/lean/entities.ts',
  'linkify-it': './src/webview/lean/linkify.ts',
  'punycode.js': './src/webview/lean/punycode.ts',
  'uc.micro': './src/webview/lean/uc.micro.ts',
}

const leaner = {
  name: 'leaner',
  setup(build) {
    for (const [filter, contents] of LEANER) build.onLoad({ filter }, () => ({ contents }))
  },
}

await Promise.all([
  build({
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    mainFields: ['module', 'main'],
    plugins: [leaner],
  }),
  build({
    ...common,
    entryPoints: { webview: 'src/webview/main.ts' },
    outdir: 'dist',
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
    alias: LEANER_PAGE,
  }),
])
