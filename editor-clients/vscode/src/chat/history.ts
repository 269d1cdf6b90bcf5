/** The conversations that the server keeps: listed in the chat view, opened, renamed, deleted, exported. */

import * as vscode from 'vscode'
import type { Server } from '../server/server.ts'
import type { ChatSession } from '../session/session.ts'
import type { Chat } from './chat.ts'

const MOST = 200

export class History {
  private readonly chat: Chat
  private readonly session: ChatSession
  private readonly server: Server
  private query = ''

  constructor(chat: Chat, session: ChatSession, server: Server) {
    this.chat = chat
    this.session = session
    this.server = server
  }

  /** Shows the list of those that have each word of the query in them. */
  async list(query: string): Promise<void> {
    this.query = query
    const { items } = await this.server.request('dragoman/conversations', { limit: MOST, ...(query && { query }) })
    if (this.query !== query) return // a newer question is on its way
    const current = this.chat.conversation.id
    await this.chat.view.reveal({ type: 'conversations', items, query, ...(current && { current }) })
  }

  /** Shows the same list again, as it is now. */
  refresh(): Promise<void> {
    return this.list(this.query)
  }

  /** `isTry`: it may be gone, and nobody has asked for it. */
  async open(id: string, isTry = false): Promise<void> {
    try {
      this.chat.show(await this.session.open(id))
    } catch (error) {
      if (!isTry) throw error
    }
  }

  async rename(id: string, title: string): Promise<void> {
    const value = await vscode.window.showInputBox({ title: 'Rename Conversation', value: title })
    if (!value) return
    await this.server.request('dragoman/renameConversation', { conversationId: id, title: value })
    const shown = this.session.conversations.find((conversation) => conversation.id === id)
    if (shown) shown.title = value
    if (shown === this.chat.conversation) this.chat.view.describe(value)
  }

  async delete(id: string, title: string): Promise<void> {
    const question = `Delete the conversation “${title}”?`
    const detail = 'It cannot be brought back.'
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Delete')) !== 'Delete') return
    await this.server.request('dragoman/deleteConversation', { conversationId: id })
    const shown = this.session.conversations.find((conversation) => conversation.id === id)
    if (shown) this.session.discard(shown)
    if (this.chat.conversation.id === id) this.chat.show(this.session.create(this.chat.agent))
  }

  async export(id: string): Promise<void> {
    const formats = [
      { label: 'Markdown', description: 'to be read', format: 'markdown' as const },
      { label: 'JSON', description: 'all of it, all branches too', format: 'json' as const },
    ]
    const chosen = await vscode.window.showQuickPick(formats, { title: 'Export Conversation' })
    if (!chosen) return
    const { uri } = await this.server.request('dragoman/exportConversation', {
      conversationId: id,
      format: chosen.format,
    })
    await vscode.window.showTextDocument(vscode.Uri.parse(uri))
  }
}
