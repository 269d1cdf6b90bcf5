/** What a test's VS Code is made of: its folders, its settings, code-server, Chromium. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const HERE = import.meta.dirname
export const ROOT = join(HERE, '..', '..', '..')
const CLIENT = join(ROOT, 'editor-clients', 'vscode')
const CACHE =
  process.env.DRAGOMAN_EDITORS_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dragoman-editors')
const CODE_SERVER = join(CACHE, 'code-server-4.139.1', 'node_modules', 'code-server', 'out', 'node', 'entry.js')
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** No other extensions are looked for. */
const NO_GALLERY = JSON.stringify({ serviceUrl: 'http://127.0.0.1:9', itemUrl: '', resourceUrlTemplate: '' })

export interface Options {
  /** The user's own agents, which are asked without a question. */
  agents?: unknown[]
  /** Files of the workspace, by name. */
  files?: Record<string, string>
  settings?: Record<string, unknown>
  /** Whether the workspace is trusted, as it is by default. */
  isTrusted?: boolean
}

export async function layOut(folder: string, { agents = [], files = {}, settings = {} }: Options): Promise<void> {
  const user = {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.tips.enabled': false,
    'workbench.colorTheme': 'Default Light Modern',
    'window.menuBarVisibility': 'hidden',
    'editor.minimap.enabled': false,
    'extensions.ignoreRecommendations': true,
    'git.enabled': false,
    'security.workspace.trust.startupPrompt': 'never',
    ...settings,
  }
  await write(join(folder, 'studio', 'User', 'settings.json'), JSON.stringify(user))
  await write(join(folder, 'config', 'dragoman', 'agents.json'), JSON.stringify(agents, undefined, 2))
  await mkdir(join(folder, 'workspace', '.git'), { recursive: true })
  // The server is found as in a project that has it installed.
  await symlink(join(ROOT, '.venv'), join(folder, 'workspace', '.venv'))
  for (const [name, text] of Object.entries(files)) await write(join(folder, 'workspace', name), text)
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

export async function installExtensions(folder: string): Promise<string> {
  const extensions = join(folder, 'extensions')
  for (const extension of [join(CLIENT, 'dragoman.vsix'), join(HERE, 'helper.vsix')]) {
    const where = ['--user-data-dir', join(folder, 'studio'), '--extensions-dir', extensions]
    await run(process.execPath, [CODE_SERVER, '--install-extension', extension, ...where], { env: environment(folder) })
  }
  return extensions
}

export function startCodeServer(folder: string, extensions: string, port: number, isTrusted: boolean): ChildProcess {
  const where = [
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--user-data-dir',
    join(folder, 'studio'),
    '--extensions-dir',
    extensions,
  ]
  const quiet = ['--auth', 'none', '--disable-telemetry', '--disable-update-check']
  if (isTrusted) quiet.push('--disable-workspace-trust')
  return spawn(process.execPath, [CODE_SERVER, ...quiet, ...where], {
    env: environment(folder),
    detached: true,
    stdio: process.env.DRAGOMAN_TEST_LOUD ? 'inherit' : 'ignore',
  })
}

/** Folders of its own, and no server but that of the workspace, whatever is installed on the machine. */
function environment(folder: string): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    ['CONFIG', 'DATA', 'CACHE', 'STATE'].map((name) => [`XDG_${name}_HOME`, join(folder, name.toLowerCase())]),
  )
  const path = (process.env.PATH ?? '').split(delimiter).filter((each) => !existsSync(join(each, 'dragoman')))
  return {
    ...process.env,
    ...own,
    HOME: join(folder, 'home'),
    PATH: path.join(delimiter),
    VSCODE_CLI: '1', // the path is this one, and not that of the login shell
    DRAGOMAN_TEST_PORT_FILE: join(folder, 'port'),
    EXTENSIONS_GALLERY: NO_GALLERY,
  }
}

export function findChromium(): string {
  const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const found = candidates.find((path) => path !== undefined && existsSync(path))
  if (!found) throw new Error('These tests need Chromium: install it, or set CHROMIUM to its program.')
  return found
}

export async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
