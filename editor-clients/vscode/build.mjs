// Bundles the extension (for Node, in the editor's process) and the chat view (for the webview) into dist/.
import { build } from 'esbuild'

const common = { bundle: true, minify: true, legalComments: 'none', logLevel: 'warning' }

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
  }),
  build({
    ...common,
    entryPoints: { webview: 'src/webview/main.ts' },
    outdir: 'dist',
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
  }),
])
