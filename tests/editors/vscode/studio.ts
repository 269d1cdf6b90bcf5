/** A real VS Code in a real browser, with the extension, a workspace, the user's agents and a data folder of its own. */

import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core'
import type * as vscode from 'vscode'
import type { Api } from '../../../editor-clients/vscode/src/extension.ts'
import {
  answers,
  CHROMIUM_ARGUMENTS,
  findChromium,
  freePort,
  installExtensions,
  layOut,
  type Options,
  startCodeServer,
} from './machine.ts'

/** After which what was waited for is taken not to come. */
const PATIENCE_MS = 30_000

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
