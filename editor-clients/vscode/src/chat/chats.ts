/** The chats of this window, one for each panel, and what they have in common. */

import * as vscode from 'vscode'
import { KnownAgents } from '../agents/known.ts'
import type { AskParams, AskResult, PanelName } from '../protocol.ts'
import type { Server } from '../server/server.ts'
import type { Conversation } from '../session/conversation.ts'
import type { ChatSession } from '../session/session.ts'
import { Chat, complain } from './chat.ts'
import { CodeBlocks } from './code.ts'
import { VIEW_IDS } from './places.ts'
import { Questions } from './questions.ts'
import { followWorkEditor } from './workEditor.ts'

export interface Shared {
  session: ChatSession
  server: Server
  context: vscode.ExtensionContext
  agents: KnownAgents
  questions: Questions
  code: CodeBlocks
}

export class Chats implements vscode.Disposable {
  readonly panels: Record<PanelName, Chat>
  private readonly shared: Shared
  private readonly disposables: vscode.Disposable[]

  constructor(session: ChatSession, server: Server, context: vscode.ExtensionContext) {
    const questions = new Questions(() => this.all.forEach((chat) => chat.showQuestions()))
    const code = new CodeBlocks(server)
    const agents = new KnownAgents(server)
    this.shared = { session, server, context, agents, questions, code }
    this.panels = {
      chatPanel: new Chat('chatPanel', this.shared),
      rightPanel: new Chat('rightPanel', this.shared),
      runPanel: new Chat('runPanel', this.shared),
    }
    this.disposables = [
      ...this.all,
      code,
      followWorkEditor(),
      this.provide('chatPanel'),
      this.provide('runPanel'),
      server.onStateChange((state) => {
        if (state === 'running') void this.serverStarted().catch(complain)
        else this.serverEnded()
      }),
    ]
  }

  /** The one that there always is. */
  get main(): Chat {
    return this.panels.chatPanel
  }

  get all(): Chat[] {
    return Object.values(this.panels)
  }

  /** Shows a conversation in a panel, without taking the focus. */
  async bring(conversation: Conversation, panel: PanelName): Promise<void> {
    const isSeen = this.all.some((chat) => chat.conversation === conversation && chat.view.isVisible)
    if (panel === 'chatPanel' && isSeen) return // any of them is a chat
    const chat = this.panels[panel]
    if (chat.conversation !== conversation) chat.show(conversation)
    await chat.view.reveal()
  }

  isShown(conversation: Conversation): boolean {
    return this.all.some((chat) => chat.conversation === conversation)
  }

  /** A question of the server: a card where something waits for it, or a line to write. */
  ask(params: AskParams): Promise<AskResult> {
    const answer = this.shared.questions.ask(params)
    const waiting = this.all.find((chat) => chat.conversation.running && chat.view.isVisible) ?? this.main
    if (params.options) void waiting.view.reveal()
    return answer
  }

  refreshAgents(): Promise<void> {
    return this.shared.agents.refresh()
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose()
  }

  private provide(panel: keyof typeof VIEW_IDS): vscode.Disposable {
    const { view } = this.panels[panel]
    return vscode.window.registerWebviewViewProvider(VIEW_IDS[panel], {
      resolveWebviewView: (holder) => view.hold(holder),
    })
  }

  private async serverStarted(): Promise<void> {
    await this.refreshAgents()
    for (const chat of this.all) await chat.restore()
  }

  private serverEnded(): void {
    this.shared.questions.clear()
    this.shared.session.serverEnded('The server has ended. It is started again: ask again, the conversation goes on.')
  }
}
