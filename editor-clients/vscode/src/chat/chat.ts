/** The chat in one panel: which conversation is shown, what will be sent along, and what the page's buttons do. */

import * as vscode from 'vscode'
import { cards } from '../agents/agents.ts'
import type { AgentInfo, PanelName, Range } from '../protocol.ts'
import type { Conversation } from '../session/conversation.ts'
import type { SessionChange } from '../session/session.ts'
import { Attachments, currentOffers } from './attachments.ts'
import type { Shared } from './chats.ts'
import { History } from './history.ts'
import type { ViewState } from './messages.ts'
import { PLACES } from './places.ts'
import { receive } from './receive.ts'
import { ChatView } from './view.ts'
import { workPlace } from './workEditor.ts'

const AGENT = 'dragoman.agent'

export class Chat implements vscode.Disposable {
  readonly view: ChatView
  readonly attachments: Attachments
  readonly history: History
  readonly shared: Shared
  conversation: Conversation
  private readonly panel: PanelName
  private readonly disposables: vscode.Disposable[]

  constructor(panel: PanelName, shared: Shared) {
    const { session, server, agents, context } = shared
    this.panel = panel
    this.shared = shared
    this.view = new ChatView(
      context.extensionUri,
      PLACES[panel],
      (message) => void receive(this, message).catch(complain),
    )
    this.attachments = new Attachments(() => this.update({ chips: this.attachments.labels }))
    this.history = new History(this, session, server)
    this.conversation = session.create(this.memory.get(AGENT))
    const offer = () => this.update({ offers: currentOffers() })
    this.disposables = [
      this.attachments,
      new vscode.Disposable(session.onChange((change) => this.onSessionChange(change))),
      vscode.window.onDidChangeActiveTextEditor(offer),
      vscode.window.onDidChangeTextEditorSelection(offer),
      agents.onChange(() => this.update({ agents: cards(this.agents ?? []), ...this.chosenAgent() })),
      server.onStateChange((state) => this.update({ server: state })),
    ]
  }

  /** Shows a conversation; it goes on wherever it was. */
  show(conversation: Conversation): void {
    if (conversation !== this.conversation && this.conversation.turns.length === 0)
      this.shared.session.discard(this.conversation)
    this.conversation = conversation
    this.remember()
    this.view.describe(conversation.title)
    this.update({ turns: conversation.turns, ...this.chosenAgent() })
    this.markAnswering()
  }

  newConversation(agent?: string): void {
    const isUnused = this.conversation.turns.length === 0
    this.show(isUnused ? this.conversation : this.shared.session.create(agent ?? this.conversation.agent))
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

  get agents(): AgentInfo[] | undefined {
    return this.shared.agents.all
  }

  /** The conversation that was shown here when the window was closed; it may be gone. */
  async restore(): Promise<void> {
    const last = this.memory.get<string>(this.key('conversation'))
    if (last !== undefined && this.conversation.turns.length === 0) await this.history.open(last, true)
  }

  async send(prompt: string, editing?: string): Promise<void> {
    const { conversation } = this
    const { session, agents } = this.shared
    if (conversation.running) return complain(`${conversation.running.agent} still answers. Stop it first, or wait.`)
    if (editing !== undefined) {
      await session.retry(conversation, editing, { prompt, ...this.chosenAgent(), place: workPlace() })
      return
    }
    if (this.agents === undefined) await agents.refresh()
    const { agent } = this
    if (agent === undefined) return complain('No agent can be asked here. “Dragoman: Create an Agent” makes one.')
    const attachments = this.attachments.take()
    this.update({ chips: [] })
    await session.ask(conversation, { agent, prompt, attachments, place: workPlace() })
  }

  async retry(turnId: string): Promise<void> {
    if (this.conversation.running)
      return complain(`${this.conversation.running.agent} still answers. Stop it first, or wait.`)
    await this.shared.session.retry(this.conversation, turnId, { place: workPlace() })
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
    return this.memory.get(this.key('draft'), '')
  }

  set draft(text: string) {
    void this.memory.update(this.key('draft'), text)
  }

  stop(): Promise<void> {
    return this.shared.session.stop(this.conversation)
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
      server: this.shared.server.state,
      chips: this.attachments.labels,
      offers: currentOffers(),
      questions: this.shared.questions.all,
    }
  }

  /** Tells the page what is other than before. */
  update(state: Partial<ViewState>): void {
    this.view.post({ type: 'update', state })
  }

  showQuestions(): void {
    this.update({ questions: this.shared.questions.all })
  }

  private get memory(): vscode.Memento {
    return this.shared.context.workspaceState
  }

  private key(what: string): string {
    return `dragoman.${what}.${this.panel}`
  }

  private remember(): void {
    void this.memory.update(this.key('conversation'), this.conversation.id)
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
    this.remember()
    this.markAnswering()
  }

  /** For the keys and menus of the chat view. */
  private markAnswering(): void {
    if (this.panel !== 'chatPanel') return
    void vscode.commands.executeCommand('setContext', 'dragoman.answering', this.conversation.running !== undefined)
  }
}

/** Says what went wrong; nothing more can be done about it. */
export function complain(problem: unknown): void {
  void vscode.window.showWarningMessage(problem instanceof Error ? problem.message : String(problem))
}
