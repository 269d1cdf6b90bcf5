/** Starts the parts of the extension and connects them. The server starts beside it: nothing here waits for it. */

import * as vscode from 'vscode'
import { type Chat, complain } from './chat/chat.ts'
import { Chats } from './chat/chats.ts'
import { registerCommands } from './commands.ts'
import { Diffs } from './delivery/diff.ts'
import { registerModels } from './models.ts'
import { registerParticipant } from './participant.ts'
import { ServerEvents } from './serverEvents.ts'
import { Server } from './server/server.ts'
import { StatusItem } from './server/status.ts'
import { ChatSession } from './session/session.ts'

/** What other extensions, and tests, get. */
export interface Api {
  session: ChatSession
  chats: Chats
  /** The one in the side bar. */
  chat: Chat
  server: Server
}

export function activate(context: vscode.ExtensionContext): Api {
  const events = new ServerEvents()
  const server = new Server(events)
  const session = new ChatSession(server)
  const chats = new Chats(session, server, context)
  const diffs = new Diffs()
  const status = new StatusItem()
  const showStatus = () => status.show(server.state, session.running?.agent)
  events.connect({ chats, session, diffs })
  context.subscriptions.push(
    server,
    chats,
    diffs,
    status,
    server.onStateChange((state) => {
      showStatus()
      if (state !== 'running') diffs.clear()
    }),
    new vscode.Disposable(session.onChange((change) => change.kind !== 'grown' && showStatus())),
    registerParticipant(session, chats.main),
    registerModels(session, chats.main),
    ...registerCommands(chats, server, session, diffs),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.restart().catch(complain)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('dragoman.server')) void server.restart().catch(complain)
    }),
  )
  void server.start().catch(complain)
  return { session, chats, chat: chats.main, server }
}
