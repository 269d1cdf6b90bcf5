/** The commands of the extension. Those of the server have names of their own and are registered by the language client. */

import * as vscode from 'vscode'
import { createAgent, importCurl, tryExample } from './agents/create.ts'
import { cards } from './agents/agents.ts'
import { type Chat, complain } from './chat/chat.ts'
import type { Chats } from './chat/chats.ts'
import { showPreview } from './chat/preview.ts'
import type { Diffs } from './delivery/diff.ts'
import { VENDOR } from './models.ts'
import type { Server } from './server/server.ts'
import type { ChatSession } from './session/session.ts'

const STATES = { ok: '$(circle-filled)', warning: '$(circle-outline)', error: '$(error)' }

export function registerCommands(
  chats: Chats,
  server: Server,
  session: ChatSession,
  diffs: Diffs,
): vscode.Disposable[] {
  const chat = chats.main
  const commands: Record<string, (uri?: vscode.Uri) => unknown> = {
    'dragoman.openChat': () => chat.view.reveal({ type: 'focus' }),
    'dragoman.openEditorChat': () => openEditorChat(chat),
    'dragoman.newConversation': () => chat.newConversation(),
    'dragoman.newChatFile': () => server.execute({ title: 'New Chat File', command: 'dragoman.newChat' }),
    'dragoman.conversations': () => chat.history.list(''),
    'dragoman.chooseAgent': () => chooseAgent(chat),
    'dragoman.askSelection': () => chat.attach('selection'),
    'dragoman.addFile': () => chat.attach('file'),
    'dragoman.stopAnswer': () => session.stop(chat.conversation.running && chat.conversation),
    'dragoman.acceptAnswer': (uri) => diffs.decide(true, uri),
    'dragoman.rejectAnswer': (uri) => diffs.decide(false, uri),
    'dragoman.askAgain': () => askAgain(chat),
    'dragoman.previewRequest': () => showPreview(chat),
    'dragoman.renameConversation': () => withKept(chat, (id, title) => chat.history.rename(id, title)),
    'dragoman.deleteConversation': () => withKept(chat, (id, title) => chat.history.delete(id, title)),
    'dragoman.exportConversation': () => withKept(chat, (id) => chat.history.export(id)),
    'dragoman.createAgent': () => createAgent(),
    'dragoman.importCurl': () => importCurl(server),
    'dragoman.tryExample': () => tryExample(server),
    'dragoman.restartServer': () => server.restart(),
    'dragoman.showOutput': () => server.output.show(),
    'dragoman.openLog': () => server.execute({ title: 'Log', command: 'dragoman.showLog' }),
  }
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, async (uri?: vscode.Uri) => {
      try {
        await run(uri)
      } catch (error) {
        complain(error)
      }
    }),
  )
}

/** The editor's own chat wants a model to be chosen before it lets anybody answer: the agent is one. */
async function openEditorChat(chat: Chat): Promise<void> {
  if (chat.agents === undefined) await chat.shared.agents.refresh()
  const { agent } = chat
  if (agent === undefined) return complain('No agent can be asked here.')
  await vscode.lm.selectChatModels({ vendor: VENDOR })
  const modelSelector = { vendor: VENDOR, id: agent }
  await vscode.commands.executeCommand('workbench.action.chat.open', {
    query: '@dragoman ',
    isPartialQuery: true,
    modelSelector,
  })
}

async function chooseAgent(chat: Chat): Promise<void> {
  await chat.shared.agents.refresh()
  const items = cards(chat.agents ?? []).map((agent) => ({
    label: `${STATES[agent.state]} ${agent.name}`,
    description: agent.obstacle === undefined ? agent.description : `cannot be asked: ${agent.obstacle}`,
    agent,
  }))
  const chosen = await vscode.window.showQuickPick(items, { title: 'Which agent?', matchOnDescription: true })
  if (chosen?.agent.obstacle !== undefined) complain(`${chosen.agent.name} cannot be asked: ${chosen.agent.obstacle}`)
  else if (chosen) chat.choose(chosen.agent.name)
}

async function askAgain(chat: Chat): Promise<void> {
  const last = chat.conversation.turns.at(-1)
  if (last) await chat.retry(last.id)
  else complain('Nothing was asked here yet.')
}

async function withKept(chat: Chat, run: (id: string, title: string) => Promise<void>): Promise<void> {
  const { id, title } = chat.conversation
  if (id === undefined) complain('Nothing was asked here yet.')
  else await run(id, title)
}
