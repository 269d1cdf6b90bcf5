/** The chat of this window: which conversation is shown, what will be sent along, and what the page's buttons do. */

import * as vscode from 'vscode'
import { cards } from '../agents/agents.ts'
import type { AgentInfo, AskParams, AskResult, Range } from '../protocol.ts'
import type { Server } from '../server/server.ts'
import type { Conversation } from '../session/conversation.ts'
import type { ChatSession, SessionChange } from '../session/session.ts'
import { Attachments, currentOffers } from './attachments.ts'
import { CodeBlocks } from './code.ts'
import { History } from './history.ts'
import type { ViewState } from './messages.ts'
import { Questions } from './questions.ts'
import { receive } from './receive.ts'
import { ChatView } from './view.ts'

const DRAFT = 'dragoman.draft'
const CURRENT = 'dragoman.conversation'
const AGENT = 'dragoman.agent'

export class Chat implements vscode.Disposable {
  readonly view: ChatView
  readonly attachments: Attachments
  readonly history: History
  conversation: Conversation
  agents: AgentInfo[] | undefined
  private readonly agentsChange = new vscode.EventEmitter<void>()
  readonly onAgentsChange = this.agentsChange.event
  readonly questions = new Questions(() => this.update({ questions: this.questions.all }))
  readonly code = new CodeBlocks()
  private readonly disposables: vscode.Disposable[]
  private readonly session: ChatSession
  private readonly server: Server
  private readonly memory: vscode.Memento

  constructor(session: ChatSession, server: Server, context: vscode.ExtensionContext) {
    this.session = session
    this.server = server
    this.memory = context.workspaceState
    this.view = new ChatView(context.extensionUri, (message) => void receive(this, server, message).catch(complain))
    this.attachments = new Attachments(() => this.update({ chips: this.attachments.labels }))
    this.history = new History(this, session, server)
    this.conversation = session.create(this.memory.get(AGENT))
    const offer = () => this.update({ offers: currentOffers() })
    this.disposables = [
      this.attachments,
      this.code,
      new vscode.Disposable(session.onChange((change) => this.onSessionChange(change))),
      vscode.window.onDidChangeActiveTextEditor(offer),
      vscode.window.onDidChangeTextEditorSelection(offer),
      server.onStateChange((state) => {
        this.update({ server: state })
        if (state === 'running') void this.serverStarted().catch(complain)
        else this.serverEnded()
      }),
    ]
  }

  /** Shows a conversation; it goes on wherever it was. */
  show(conversation: Conversation): void {
    this.conversation = conversation
    void this.memory.update(CURRENT, conversation.id)
    this.view.describe(conversation.title)
    this.update({ turns: conversation.turns, ...this.chosenAgent() })
    this.markAnswering()
  }

  newConversation(agent?: string): void {
    const isUnused = this.conversation.turns.length === 0
    this.show(isUnused ? this.conversation : this.session.create(agent ?? this.conversation.agent))
    void this.view.reveal({ type: 'focus' })
  }

  /** The agent that is asked next: the chosen one, else the first that can be asked. */
  get agent(): string | undefined {
    const askable = cards(this.agents ?? []).filter((agent) => agent.obstacle === undefined)
    const chosen = this.conversation.agent
    return this.agents === undefined || askable.some(({ name }) => name === chosen) ? chosen : askable[0]?.name
  }

  choose(agent: string): void {
    this.conversation.agent = agent
    void this.memory.update(AGENT, agent)
    this.update({ agent })
  }

  /** A question of the server: a card, or a line to write. */
  ask(params: AskParams): Promise<AskResult> {
    const answer = this.questions.ask(params)
    if (params.options) void this.view.reveal({ type: 'update', state: { questions: this.questions.all } })
    return answer
  }

  async refreshAgents(): Promise<void> {
    const { agents } = await this.server.request('dragoman/agents', {})
    this.agents = agents
    this.agentsChange.fire()
    this.update({ agents: cards(agents), ...this.chosenAgent() })
  }

  async send(prompt: string, editing?: string): Promise<void> {
    const { conversation } = this
    if (conversation.running) return complain(`${conversation.running.agent} still answers. Stop it first, or wait.`)
    if (editing !== undefined) {
      await this.session.retry(conversation, editing, { prompt, ...this.chosenAgent() })
      return
    }
    if (this.agents === undefined) await this.refreshAgents()
    const { agent } = this
    if (agent === undefined) return complain('No agent can be asked here. “Dragoman: Create an Agent” makes one.')
    const attachments = this.attachments.take()
    this.update({ chips: [] })
    await this.session.ask(conversation, { agent, prompt, attachments })
  }

  async retry(turnId: string): Promise<void> {
    if (this.conversation.running)
      return complain(`${this.conversation.running.agent} still answers. Stop it first, or wait.`)
    await this.session.retry(this.conversation, turnId)
  }

  /** Adds a chip and opens the chat for the question to be written. */
  async attach(what: 'selection' | 'file'): Promise<void> {
    if (!this.attachments.add(what)) return complain('Select something first.')
    this.update({ chips: this.attachments.labels })
    await this.view.reveal({ type: 'focus' })
  }

  async attachRange(document: vscode.TextDocument, range: Range, agent: string): Promise<void> {
    this.attachments.addRange(document, range)
    this.choose(agent)
    this.update({ chips: this.attachments.labels })
    await this.view.reveal({ type: 'focus' })
  }

  /** What is written in the prompt and not sent yet. */
  get draft(): string {
    return this.memory.get(DRAFT, '')
  }

  set draft(text: string) {
    void this.memory.update(DRAFT, text)
  }

  stop(): Promise<void> {
    return this.session.stop(this.conversation)
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose()
  }

  /** All that the page shows. */
  state(): ViewState {
    return {
      turns: this.conversation.turns,
      ...this.chosenAgent(),
      ...(this.agents && { agents: cards(this.agents) }),
      server: this.server.state,
      chips: this.attachments.labels,
      offers: currentOffers(),
      questions: this.questions.all,
    }
  }

  /** Tells the page what is other than before. */
  update(state: Partial<ViewState>): void {
    this.view.post({ type: 'update', state })
  }

  private chosenAgent(): { agent?: string } {
    const { agent } = this
    return agent === undefined ? {} : { agent }
  }

  private onSessionChange(change: SessionChange): void {
    if (change.conversation !== this.conversation) return
    if (change.kind === 'grown') {
      const { turn, text, reasoning } = change
      return this.view.post({ type: 'grown', turnId: turn.id, text, reasoning })
    }
    if (change.kind === 'conversation') this.show(change.conversation)
    else this.view.post({ type: 'turn', turn: change.turn })
    void this.memory.update(CURRENT, this.conversation.id)
    this.markAnswering()
  }

  private markAnswering(): void {
    void vscode.commands.executeCommand('setContext', 'dragoman.answering', this.conversation.running !== undefined)
  }

  private async serverStarted(): Promise<void> {
    await this.refreshAgents()
    const last = this.memory.get<string>(CURRENT)
    if (last !== undefined && this.conversation.turns.length === 0) await this.history.open(last, true)
  }

  private serverEnded(): void {
    this.questions.clear()
    this.session.serverEnded('The server has ended. It is started again: ask again, the conversation goes on.')
  }
}

/** Says what went wrong; nothing more can be done about it. */
export function complain(problem: unknown): void {
  void vscode.window.showWarningMessage(problem instanceof Error ? problem.message : String(problem))
}
