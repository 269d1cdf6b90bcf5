/** Starts the parts of the extension and connects them. The server starts beside it: nothing here waits for it. */

import * as vscode from 'vscode'
import { Chat, complain } from './chat/chat.ts'
import { VIEW_ID } from './chat/view.ts'
import { registerCommands } from './commands.ts'
import { registerModels } from './models.ts'
import { registerParticipant } from './participant.ts'
import { ServerEvents } from './serverEvents.ts'
import { Server } from './server/server.ts'
import { StatusItem } from './server/status.ts'
import { ChatSession } from './session/session.ts'

/** What other extensions, and tests, get. */
export interface Api {
  session: ChatSession
  chat: Chat
  server: Server
}

export function activate(context: vscode.ExtensionContext): Api {
  const events = new ServerEvents()
  const server = new Server(events)
  const session = new ChatSession(server)
  const chat = new Chat(session, server, context)
  const status = new StatusItem()
  const showStatus = () => status.show(server.state, chat.conversation.running?.agent)
  events.connect(chat, session)
  context.subscriptions.push(
    server,
    chat,
    status,
    server.onStateChange(showStatus),
    new vscode.Disposable(session.onChange((change) => change.kind !== 'grown' && showStatus())),
    vscode.window.registerWebviewViewProvider(VIEW_ID, chat.view),
    registerParticipant(session, chat),
    registerModels(session, chat),
    ...registerCommands(chat, server),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.restart().catch(complain)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('dragoman.server')) void server.restart().catch(complain)
    }),
  )
  void server.start().catch(complain)
  return { session, chat, server }
}
