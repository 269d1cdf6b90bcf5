/** `@dragoman` in the editor's own chat. Its conversations are those of the chat view's session. */

import * as vscode from 'vscode'
import { cards } from './agents/agents.ts'
import { attachment } from './chat/attachments.ts'
import type { Chat } from './chat/chat.ts'
import { VENDOR } from './models.ts'
import type { Range } from './protocol.ts'
import type { Conversation } from './session/conversation.ts'
import type { Attachment, ChatSession, SessionChange } from './session/session.ts'
import type { Turn } from './session/turn.ts'

const ID = 'dragoman.participant'

interface Metadata {
  conversationId?: string
  followUps?: string[]
}

export function registerParticipant(session: ChatSession, chat: Chat): vscode.Disposable {
  /** The model that was picked when an agent was chosen by name: that holds until another one is picked. */
  let pickedBefore: string | undefined
  const participant = vscode.chat.createChatParticipant(ID, async (request, context, stream, token) => {
    const { model } = request
    if (chat.agents === undefined) await chat.shared.agents.refresh()
    if (request.command === 'agent') {
      pickedBefore = model.id
      return chooseAgent(chat, request.prompt, stream)
    }
    const agent = model.vendor === VENDOR && model.id !== pickedBefore ? model.id : chat.agent
    if (agent === undefined) {
      stream.markdown('No agent can be asked here.')
      stream.button({ command: 'dragoman.createAgent', title: 'Create an Agent' })
      return {}
    }
    const conversation = await conversationOf(session, context, agent)
    const stopShowing = session.onChange((change) => show(change, conversation, stream))
    token.onCancellationRequested(() => void session.stop(conversation))
    try {
      const attachments = await attachmentsOf(request.references)
      const turn = await session.ask(conversation, { agent, prompt: request.prompt, attachments })
      return finish(turn, conversation, stream)
    } finally {
      stopShowing()
    }
  })
  participant.followupProvider = {
    provideFollowups: (result) =>
      ((result.metadata as Metadata | undefined)?.followUps ?? []).map((prompt) => ({ prompt })),
  }
  return participant
}

function show(change: SessionChange, conversation: Conversation, stream: vscode.ChatResponseStream): void {
  if (change.conversation !== conversation || change.kind === 'conversation') return
  const shown = texts.get(stream) ?? ''
  const { turn } = change
  if (turn.text.startsWith(shown) && turn.text.length > shown.length) {
    stream.markdown(plainMarkdown(turn.text.slice(shown.length)))
    texts.set(stream, turn.text)
  } else if (change.kind === 'turn' && !turn.isDone && turn.phase === 'retrying') {
    stream.progress(`Trying again${turn.detail ? `: ${turn.detail}` : ' …'}`)
  } else if (change.kind === 'turn' && !turn.isDone && turn.phase === 'waiting' && !waiting.has(stream)) {
    waiting.add(stream)
    stream.progress(`Waiting for ${turn.agent} …`)
  }
}

/** What each stream has shown so far, and those that have said that they wait. */
const texts = new WeakMap<vscode.ChatResponseStream, string>()
const waiting = new WeakSet<vscode.ChatResponseStream>()

/** Text of an agent: no HTML, no commands. */
function plainMarkdown(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text)
  markdown.isTrusted = false
  markdown.supportHtml = false
  return markdown
}

function finish(turn: Turn, conversation: Conversation, stream: vscode.ChatResponseStream): vscode.ChatResult {
  for (const source of turn.sources) {
    if (source.uri && /^https?:/.test(source.uri)) stream.reference(vscode.Uri.parse(source.uri))
  }
  // What was shown cannot be taken back, so an answer that was replaced stands below it.
  if (!turn.text.startsWith(texts.get(stream) ?? '')) stream.markdown(plainMarkdown(`\n\n---\n\n${turn.text}`))
  const metadata = { followUps: turn.followUps, ...(conversation.id && { conversationId: conversation.id }) }
  const notes = turn.notes.map((note) => `\n\n*${note.message}*`).join('')
  if (notes) stream.markdown(plainMarkdown(notes))
  for (const action of turn.error?.actions ?? []) stream.button({ ...action, arguments: action.arguments ?? [] })
  return turn.error ? { errorDetails: { message: turn.error.message }, metadata } : { metadata }
}

function chooseAgent(chat: Chat, wanted: string, stream: vscode.ChatResponseStream): vscode.ChatResult {
  const agents = cards(chat.agents ?? [])
  const found = agents.find(
    ({ name, obstacle }) => obstacle === undefined && name.toLowerCase() === wanted.trim().toLowerCase(),
  )
  if (found) {
    chat.choose(found.name)
    stream.markdown(plainMarkdown(`${found.name} is asked from now on.`))
    return {}
  }
  const lines = agents.map(
    ({ name, description, obstacle }) => `- **${name}** — ${obstacle ? `cannot be asked: ${obstacle}` : description}`,
  )
  stream.markdown(plainMarkdown(`${lines.join('\n')}\n\nName one: \`/agent ${agents[0]?.name ?? 'NAME'}\``))
  stream.button({ command: 'dragoman.chooseAgent', title: 'Choose' })
  return {}
}

/** The conversation that this chat has had so far. */
async function conversationOf(session: ChatSession, context: vscode.ChatContext, agent: string): Promise<Conversation> {
  for (const turn of context.history.toReversed()) {
    const id =
      turn instanceof vscode.ChatResponseTurn
        ? (turn.result.metadata as Metadata | undefined)?.conversationId
        : undefined
    if (id !== undefined) return session.open(id)
  }
  return session.create(agent)
}

async function attachmentsOf(references: readonly vscode.ChatPromptReference[]): Promise<Attachment[]> {
  const found = references.map(async ({ value }): Promise<Attachment[]> => {
    if (typeof value === 'string') return [{ label: 'text', item: { kind: 'text', text: value } }]
    if (value instanceof vscode.Uri) return [attachment(await vscode.workspace.openTextDocument(value), undefined)]
    if (value instanceof vscode.Location)
      return [attachment(await vscode.workspace.openTextDocument(value.uri), plain(value.range))]
    return []
  })
  return (await Promise.all(found)).flat()
}

function plain({ start, end }: vscode.Range): Range {
  return { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } }
}
