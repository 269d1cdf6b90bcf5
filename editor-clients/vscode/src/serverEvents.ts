/** What happens without the user: turns that the server begins, its questions, what it wants shown, other agents than before. */

import * as vscode from 'vscode'
import { attachment } from './chat/attachments.ts'
import { complain } from './chat/chat.ts'
import { type Parts, show } from './delivery/show.ts'
import type { AskParams, AskResult, Range, ShowParams, ShowResult, TurnEvent, TurnResult } from './protocol.ts'
import type { Callbacks } from './server/server.ts'

/** The argument of `dragoman.sendSelection`. */
interface SelectionArgument {
  agent: string
  textDocument: { uri: string }
  range: Range
  intent?: string
  prompt?: string
}

export class ServerEvents implements Callbacks {
  private connected: Parts | undefined

  connect(parts: Parts): void {
    this.connected = parts
  }

  ask(params: AskParams): Promise<AskResult> {
    return this.parts.chats.ask(params)
  }

  show(params: ShowParams): Promise<ShowResult> {
    return show(params, this.parts)
  }

  /** A turn that the server has begun is shown where the server says so, if anywhere. */
  turn(event: TurnEvent): void {
    const { session } = this.parts
    if (event.kind === 'start' && !session.conversationOf(event.turnId)) {
      const known = session.conversations.find(({ id }) => id === event.conversationId)
      session.adopt(known ?? session.create(event.agent), event.turnId, event.agent)
    }
    session.take(event)
    if (event.kind === 'end') void this.tellOfFailure(event.result).catch(complain)
  }

  agentsChanged(): void {
    void this.parts.chats.refreshAgents().catch(complain)
  }

  /** A code action on a selection: one that has no question of its own asks for it in the chat. */
  async command(name: string, args: unknown[], passOn: (args: unknown[]) => Promise<unknown>): Promise<unknown> {
    if (name !== 'dragoman.sendSelection') return passOn(args)
    const { chats, session } = this.parts
    const argument = args[0] as SelectionArgument
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(argument.textDocument.uri))
    const prompt = argument.prompt ?? argument.intent
    if (!prompt) return chats.main.attachRange(document, argument.range, argument.agent)
    const result = (await passOn(args)) as { turnId: string }
    const { label, location } = attachment(document, argument.range)
    const context = [{ label, ...(location && { location }) }]
    session.adopt(session.create(argument.agent), result.turnId, argument.agent, { prompt, context })
    return result
  }

  /** One that is shown in no panel: the failure would not be seen. */
  private async tellOfFailure({ turnId, error }: TurnResult): Promise<void> {
    const conversation = this.parts.session.conversationOf(turnId)
    if (!error || !conversation || this.parts.chats.isShown(conversation)) return
    if ((await vscode.window.showWarningMessage(error.message, 'Show')) === 'Show')
      await this.parts.chats.bring(conversation, 'chatPanel')
  }

  private get parts(): Parts {
    if (!this.connected) throw new Error('The chat is not there yet.')
    return this.connected
  }
}
