/** What the chat view's page asks for. */

import * as vscode from 'vscode'
import type { AgentInfo, Location } from '../protocol.ts'
import type { Turn } from '../session/turn.ts'
import { toVscode } from './attachments.ts'
import type { Chat } from './chat.ts'
import { type FromView, VIEW_COMMANDS } from './messages.ts'

/** Does what a message of the page asks for. */
export async function receive(chat: Chat, message: FromView): Promise<void> {
  const { server, questions, code } = chat.shared
  switch (message.type) {
    case 'ready':
      chat.view.ready({ type: 'state', state: chat.state(), draft: chat.draft })
      return server.start()
    case 'send':
      chat.draft = ''
      return chat.send(message.prompt, message.editing)
    case 'stop':
      return chat.stop()
    case 'retry':
      return chat.retry(message.turnId)
    case 'agent':
      return chat.choose(message.name)
    case 'draft':
      chat.draft = message.text
      return
    case 'attach':
      chat.attachments.add(message.what)
      return chat.update({ chips: chat.attachments.labels })
    case 'detach':
      chat.attachments.remove(message.index)
      return chat.update({ chips: chat.attachments.labels })
    case 'code':
      return code.act(message, turn(chat, message.turnId))
    case 'action':
      return runAction(chat, message.turnId, message.index)
    case 'blame':
      return showLocation(turn(chat, message.turnId)?.error?.location)
    case 'context':
      return showLocation(turn(chat, message.turnId)?.context[message.index]?.location)
    case 'answer':
      return questions.answer(message.id, message.value)
    case 'openConfig':
      return showLocation(agentInQuestion(chat, message.id)?.location)
    case 'find':
      return chat.history.list(message.query)
    case 'open':
      return chat.history.open(message.id)
    case 'rename':
      await chat.history.rename(message.id, message.title)
      return chat.history.refresh()
    case 'delete':
      await chat.history.delete(message.id, message.title)
      return chat.history.refresh()
    case 'export':
      return chat.history.export(message.id)
    case 'run':
      if (VIEW_COMMANDS.includes(message.command)) await vscode.commands.executeCommand(message.command)
  }
}

async function runAction(chat: Chat, turnId: string, index: number): Promise<void> {
  const action = turn(chat, turnId)?.error?.actions?.[index]
  if (!action) return
  if (action.command === 'dragoman.retry') return chat.retry(turnId) // in its place in the transcript
  await chat.shared.server.execute(action)
}

function turn(chat: Chat, id: string): Turn | undefined {
  return chat.conversation.turns.find((each) => each.id === id)
}

/** The agent whose trust a question is about. */
function agentInQuestion(chat: Chat, id: number): AgentInfo | undefined {
  const asked = chat.shared.questions.all.find((question) => question.id === id)?.lines[0] ?? ''
  return chat.agents?.find((agent) => !agent.trusted && asked.includes(`“${agent.name}”`))
}

async function showLocation(location: Location | undefined): Promise<void> {
  if (!location) return
  const selection = toVscode(location.range)
  await vscode.window.showTextDocument(vscode.Uri.parse(location.uri), { selection })
}
