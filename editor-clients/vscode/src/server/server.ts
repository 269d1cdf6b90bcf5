/** The language server: started, restarted, asked. Everything that LSP itself has is done by the language client. */

import * as vscode from 'vscode'
import { LanguageClient, ProgressType, State, type ServerOptions } from 'vscode-languageclient/node'
import { SURFACES } from '../delivery/show.ts'
import type { AskParams, AskResult, Command, Requests, ShowParams, ShowResult, TurnEvent } from '../protocol.ts'
import type { Server as ChatServer } from '../session/session.ts'
import { type Found, findServer } from './find.ts'
import { offerToInstall } from './install.ts'

/** What the server wants of the rest of the extension. */
export interface Callbacks {
  ask(params: AskParams): Promise<AskResult>
  show(params: ShowParams): Promise<ShowResult>
  turn(event: TurnEvent): void
  agentsChanged(): void
  /** Answers in the server's place, or passes the command on. */
  command(name: string, args: unknown[], passOn: (args: unknown[]) => Promise<unknown>): Promise<unknown>
}

export type ServerState = 'missing' | 'starting' | 'running' | 'stopped'

const TURN_EVENTS = new ProgressType<TurnEvent[]>()
const DOCUMENTS = [{ scheme: 'file' }, { scheme: 'untitled' }]
const NOT_RUNNING = 'The server does not run. “Dragoman: Restart the Server” starts it.'

export class Server implements ChatServer, vscode.Disposable {
  readonly output = vscode.window.createOutputChannel('Dragoman', { log: true })
  state: ServerState = 'stopped'
  private readonly callbacks: Callbacks
  private readonly changed = new vscode.EventEmitter<ServerState>()
  private client: LanguageClient | undefined
  private found: Found | undefined
  private starting: Promise<void> | undefined
  readonly onStateChange = this.changed.event

  constructor(callbacks: Callbacks) {
    this.callbacks = callbacks
  }

  /** Starts the server if it does not run yet. */
  start(): Promise<void> {
    this.starting ??= this.launch().finally(() => {
      this.starting = undefined
    })
    return this.starting
  }

  async restart(): Promise<void> {
    await this.starting
    await this.stop()
    await this.start()
  }

  async request<M extends keyof Requests>(method: M, params: Requests[M][0]): Promise<Requests[M][1]> {
    return (await this.running()).sendRequest<Requests[M][1]>(method, params)
  }

  /** One of the commands of the server. */
  async execute(command: Command): Promise<unknown> {
    const client = await this.running()
    return client.sendRequest('workspace/executeCommand', {
      command: command.command,
      arguments: command.arguments ?? [{}],
    })
  }

  /** How the server's program is called for another of its commands. */
  commandLine(args: string[]): Found {
    if (this.found === undefined) throw new Error(NOT_RUNNING)
    const { program, arguments: own } = this.found
    return { program, arguments: [...own.slice(0, own.lastIndexOf('serve')), ...args] }
  }

  listen(token: string, take: (events: TurnEvent[]) => void): () => void {
    const listening = this.client?.onProgress(TURN_EVENTS, token, take)
    return () => listening?.dispose()
  }

  dispose(): void {
    void this.stop()
    this.output.dispose()
    this.changed.dispose()
  }

  private async running(): Promise<LanguageClient> {
    if (!this.client) await this.start()
    if (!this.client) throw new Error(NOT_RUNNING)
    if (this.client.state === State.Starting) await this.client.start()
    return this.client
  }

  private async launch(): Promise<void> {
    if (this.client) return
    const settings = vscode.workspace.getConfiguration('dragoman')
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter((folder) => folder.uri.scheme === 'file')
      .map((folder) => folder.uri.fsPath)
    const found = await findServer({
      command: settings.get<string[]>('server.command', []),
      folders: vscode.workspace.isTrusted ? folders : [],
      environment: process.env,
    })
    this.found = found
    if (!found) {
      this.enter('missing')
      void offerToInstall(() => this.start())
      return
    }
    this.output.info(`Starting ${[found.program, ...found.arguments].join(' ')}`)
    const cwd = folders[0]
    const client = this.makeClient({ command: found.program, args: found.arguments, options: cwd ? { cwd } : {} })
    this.client = client
    try {
      await client.start()
    } catch (error) {
      this.output.error(String(error))
      await this.stop()
    }
  }

  private makeClient(options: ServerOptions): LanguageClient {
    const client = new LanguageClient('dragoman', 'Dragoman', options, {
      documentSelector: DOCUMENTS,
      outputChannel: this.output,
      initializationOptions: { ...vscode.workspace.getConfiguration().get<object>('dragoman') },
      synchronize: { configurationSection: 'dragoman' },
      middleware: {
        executeCommand: (command, args, next) =>
          this.callbacks.command(command, args, async (passed) => next(command, passed)),
      },
    })
    client.registerFeature({
      fillClientCapabilities(capabilities) {
        capabilities.experimental = { dragoman: { version: '1', turnEvents: true, ask: true, surfaces: SURFACES } }
      },
      initialize: () => undefined,
      getState: () => ({ kind: 'static' }),
      clear: () => undefined,
    })
    client.onRequest('dragoman/ask', (params: AskParams) => this.callbacks.ask(params))
    client.onRequest('dragoman/show', (params: ShowParams) => this.callbacks.show(params))
    client.onNotification('dragoman/turn', (event: TurnEvent) => this.callbacks.turn(event))
    client.onNotification('dragoman/agentsChanged', () => this.callbacks.agentsChanged())
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) this.enter(STATES[newState] ?? 'stopped')
    })
    return client
  }

  private async stop(): Promise<void> {
    const client = this.client
    this.client = undefined
    this.enter('stopped')
    if (client?.state === State.Running) await client.stop()
    await client?.dispose()
  }

  private enter(state: ServerState): void {
    this.state = state
    this.changed.fire(state)
  }
}

const STATES: { [state: number]: ServerState } = {
  [State.Starting]: 'starting',
  [State.Running]: 'running',
  [State.Stopped]: 'stopped',
}
