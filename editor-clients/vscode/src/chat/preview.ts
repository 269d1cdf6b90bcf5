/** The request that a prompt would make, to be looked at, and as a command for the shell. Nothing is sent. */

import * as vscode from 'vscode'
import type { Preview } from '../protocol.ts'
import { type Chat, complain } from './chat.ts'

export async function showPreview(chat: Chat): Promise<void> {
  const { agents, server } = chat.shared
  if (agents.all === undefined) await agents.refresh()
  const { agent, conversation } = chat
  if (agent === undefined) return complain('No agent can be asked here.')
  const context = chat.attachments.peek().map(({ item }) => item)
  const preview = await server.request('dragoman/preview', {
    agent,
    prompt: chat.draft,
    ...(conversation.id && { conversationId: conversation.id }),
    ...(conversation.resumed && { afterTurnId: conversation.resumed }),
    ...(context.length > 0 && { context }),
  })
  if ('error' in preview) return complain(preview.error.message)
  const document = await vscode.workspace.openTextDocument({ content: textOf(agent, preview), language: 'markdown' })
  await vscode.window.showTextDocument(document, { preview: true })
}

function textOf(agent: string, preview: Exclude<Preview, { error: unknown }>): string {
  const headers = Object.entries(preview.headers)
    .sort()
    .map(([name, value]) => `${name}: ${value}`)
  const request = [`${preview.method} ${preview.url}`, ...headers, '', preview.body].join('\n')
  return `# What would be sent to ${agent}\n\n\`\`\`http\n${request}\n\`\`\`\n\n# The same for a shell\n\n\`\`\`sh\n${preview.curl}\n\`\`\`\n`
}
