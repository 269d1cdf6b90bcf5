/** What happens without the user: turns that the server begins, its questions, other agents than before. */

import * as vscode from 'vscode'
import { attachment } from './chat/attachments.ts'
import { type Chat, complain } from './chat/chat.ts'
import type { AskParams, AskResult, Range, TurnEvent } from './protocol.ts'
import type { Callbacks } from './server/server.ts'
import type { Conversation } from './session/conversation.ts'
import type { ChatSession } from './session/session.ts'

/** The argument of `dragoman.sendSelection`. */
interface SelectionArgument {
  agent: string
  textDocument: { uri: string }
  range: Range
  intent?: string
  prompt?: string
}

export class ServerEvents implements Callbacks {
  private chat: Chat | undefined
  private session: ChatSession | undefined

  connect(chat: Chat, session: ChatSession): void {
    this.chat = chat
    this.session = session
  }

  ask(params: AskParams): Promise<AskResult> {
    return this.chat?.ask(params) ?? Promise.resolve({})
  }

  turn(event: TurnEvent): void {
    if (event.kind === 'start' && this.session && !this.session.knows(event.turnId)) {
      this.session.adopt(this.freshConversation(event.agent), event.turnId, event.agent)
    }
    this.session?.take(event)
  }

  agentsChanged(): void {
    void this.chat?.refreshAgents().catch(complain)
  }

  /** A code action on a selection: one that has no question of its own asks for it in the chat. */
  async command(name: string, args: unknown[], passOn: (args: unknown[]) => Promise<unknown>): Promise<unknown> {
    if (name !== 'dragoman.sendSelection' || !this.chat || !this.session) return passOn(args)
    const argument = args[0] as SelectionArgument
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(argument.textDocument.uri))
    const prompt = argument.prompt ?? argument.intent
    if (!prompt) return this.chat.attachRange(document, argument.range, argument.agent)
    const result = (await passOn(args)) as { turnId: string }
    const { label, location } = attachment(document, argument.range)
    const context = [{ label, ...(location && { location }) }]
    this.session.adopt(this.freshConversation(argument.agent), result.turnId, argument.agent, { prompt, context })
    return result
  }

  /** A turn of the server's gets a conversation of its own, unless nothing was asked yet in the one that is shown. */
  private freshConversation(agent: string): Conversation {
    const { chat, session } = this
    if (!chat || !session) throw new Error('The chat is not there yet.')
    if (chat.conversation.turns.length > 0) chat.show(session.create(agent))
    chat.conversation.agent = agent
    void chat.view.reveal({ type: 'update', state: {} })
    return chat.conversation
  }
}
