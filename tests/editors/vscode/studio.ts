/** A real VS Code in a real browser, with the extension, a workspace, the user's agents and a data folder of its own. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core'
import type * as vscode from 'vscode'
import type { Api } from '../../../editor-clients/vscode/src/extension.ts'

const run = promisify(execFile)
const HERE = import.meta.dirname
export const ROOT = join(HERE, '..', '..', '..')
const CLIENT = join(ROOT, 'editor-clients', 'vscode')
const CACHE =
  process.env.DRAGOMAN_EDITORS_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dragoman-editors')
const CODE_SERVER = join(CACHE, 'code-server-4.139.1', 'node_modules', 'code-server', 'out', 'node', 'entry.js')
const CHROMIUM_ARGUMENTS = [
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

/** After which what was waited for is taken not to come. */
const PATIENCE_MS = 30_000

export interface Options {
  /** The user's own agents, which are asked without a question. */
  agents?: unknown[]
  /** Files of the workspace, by name. */
  files?: Record<string, string>
  settings?: Record<string, unknown>
  /** Whether the workspace is trusted, as it is by default. */
  isTrusted?: boolean
}

/** What a function has that runs inside the extension host. */
export interface Host extends Api {
  vscode: typeof vscode
}

export class Studio {
  readonly folder: string
  readonly page: Page
  private readonly server: ChildProcess
  private readonly browser: Browser
  private readonly address: string

  private constructor(folder: string, server: ChildProcess, browser: Browser, page: Page, address: string) {
    this.folder = folder
    this.server = server
    this.browser = browser
    this.page = page
    this.address = address
  }

  static async start(options: Options = {}): Promise<Studio> {
    const folder = await mkdtemp(join(tmpdir(), 'dragoman-vscode-'))
    await layOut(folder, options)
    const extensions = await installExtensions(folder)
    const port = await freePort()
    const server = startCodeServer(folder, extensions, port, options.isTrusted ?? true)
    await until(() => answers(port), 'code-server')
    const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS })
    const page = await browser.newPage({ viewport: { width: 1280, height: 820 } })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const address = `http://127.0.0.1:${port}/?folder=${join(folder, 'workspace')}`
    const studio = new Studio(folder, server, browser, page, address)
    await studio.load().catch(async (error: unknown) => {
      await studio.stop()
      throw error
    })
    return studio
  }

  /** Opens the editor's page; a second time it is a new window with a new extension host. */
  async load(): Promise<void> {
    await rm(join(this.folder, 'port'), { force: true })
    await this.page.goto(this.address)
    await this.page.waitForSelector('.monaco-workbench', { timeout: PATIENCE_MS })
    await until(() => existsSync(join(this.folder, 'port')), 'the extension host')
  }

  /** As *Developer: Reload Window* does. */
  async reload(): Promise<void> {
    await rm(join(this.folder, 'port'))
    await this.page.keyboard.press('F1')
    await this.page.locator('.quick-input-box input').fill('>Developer: Reload Window')
    await this.page.keyboard.press('Enter')
    await until(() => existsSync(join(this.folder, 'port')), 'the extension host')
  }

  /** Waits until the editor has written a text to its own storage; in a browser that is not done at the last moment. */
  async untilStored(text: string): Promise<void> {
    const isStored = () =>
      this.page.evaluate(async (text) => {
        const done = <T>(request: IDBRequest<T>) =>
          new Promise<T>((resolve, reject) => {
            request.onsuccess = () => resolve(request.result)
            request.onerror = () => reject(request.error)
          })
        for (const { name } of await indexedDB.databases()) {
          const database = await done(indexedDB.open(name ?? ''))
          for (const store of database.objectStoreNames) {
            const values = await done(database.transaction(store).objectStore(store).getAll())
            if (JSON.stringify(values).includes(text)) return true
          }
        }
        return false
      }, text)
    await until(isStored, text)
  }

  async stop(): Promise<void> {
    await this.browser.close()
    const ended = new Promise((resolve) => this.server.once('exit', resolve))
    process.kill(-(this.server.pid ?? 0), 'SIGKILL') // its group: the extension host would go on writing for a while
    await ended
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  /** Ends the language server as a crash would. */
  async killServer(): Promise<void> {
    for (const process_ of await readdir('/proc')) {
      if (!/^\d+$/.test(process_)) continue
      const read = (name: string) => readFile(join('/proc', process_, name), 'utf8').catch(() => '') // it may just have ended
      const [command, variables] = await Promise.all([read('cmdline'), read('environ')])
      if (/dragoman\0serve/.test(command) && variables.includes(`XDG_DATA_HOME=${join(this.folder, 'data')}\0`))
        process.kill(Number(process_), 'SIGKILL')
    }
  }

  path(name: string): string {
    return join(this.folder, 'workspace', name)
  }

  /** Runs a function inside the extension host. It sees nothing but its arguments. */
  async inHost<T, A>(test: (host: Host, argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    const port = (await readFile(join(this.folder, 'port'), 'utf8')).trim()
    const body = JSON.stringify({ source: test.toString(), argument })
    const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body })
    const { value, error } = (await response.json()) as { value: T; error?: string }
    if (error) throw new Error(error)
    return value
  }

  /** What `test` returns in the host as soon as that is true. */
  async untilInHost<T, A>(test: (host: Host, argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    let value: T | undefined
    await until(async () => (value = await this.inHost(test, argument)), test.toString())
    return value as T
  }

  /** The page of the chat view, once it is open. */
  async chat(): Promise<FrameLocator> {
    await this.command('dragoman.openChat')
    const visible = this.page.locator('iframe.webview.ready').filter({ visible: true })
    const frame = visible.contentFrame().frameLocator('iframe#active-frame')
    await frame.locator('textarea').waitFor({ timeout: PATIENCE_MS })
    return frame
  }

  async command(name: string, ...argument: unknown[]): Promise<void> {
    await this.inHost(
      async ({ vscode }, [command, ...rest]) => {
        await vscode.commands.executeCommand(command as string, ...rest)
      },
      [name, ...argument],
    )
  }
}

export async function until(condition: () => unknown, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function layOut(folder: string, { agents = [], files = {}, settings = {} }: Options): Promise<void> {
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
  // The editor takes the path from the login shell, so the server is found as in a project that has it installed.
  await symlink(join(ROOT, '.venv'), join(folder, 'workspace', '.venv'))
  for (const [name, text] of Object.entries(files)) await write(join(folder, 'workspace', name), text)
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function installExtensions(folder: string): Promise<string> {
  const extensions = join(folder, 'extensions')
  for (const extension of [join(CLIENT, 'dragoman.vsix'), join(HERE, 'helper.vsix')]) {
    const where = ['--user-data-dir', join(folder, 'studio'), '--extensions-dir', extensions]
    await run(process.execPath, [CODE_SERVER, '--install-extension', extension, ...where], { env: environment(folder) })
  }
  return extensions
}

function startCodeServer(folder: string, extensions: string, port: number, isTrusted: boolean): ChildProcess {
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

function environment(folder: string): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    ['CONFIG', 'DATA', 'CACHE', 'STATE'].map((name) => [`XDG_${name}_HOME`, join(folder, name.toLowerCase())]),
  )
  return { ...process.env, ...own, DRAGOMAN_TEST_PORT_FILE: join(folder, 'port'), EXTENSIONS_GALLERY: NO_GALLERY }
}

function findChromium(): string {
  const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const found = candidates.find((path) => path !== undefined && existsSync(path))
  if (!found) throw new Error('These tests need Chromium: install it, or set CHROMIUM to its program.')
  return found
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
