/** The agents as models of the editor: whoever picks one in the editor's own chat has `@dragoman` ask that agent. */

import * as vscode from 'vscode'
import { cards } from './agents/agents.ts'
import type { Chat } from './chat/chat.ts'
import type { ChatSession } from './session/session.ts'

export const VENDOR = 'dragoman'

/** How long prompts and answers may be is known by the agents only. */
const MOST_TOKENS = 1_000_000

export function registerModels(session: ChatSession, chat: Chat): vscode.Disposable {
  return vscode.lm.registerLanguageModelChatProvider(VENDOR, {
    onDidChangeLanguageModelChatInformation: chat.shared.agents.onChange,
    async provideLanguageModelChatInformation() {
      if (chat.agents === undefined) await chat.shared.agents.refresh()
      return cards(chat.agents ?? [])
        .filter(({ obstacle }) => obstacle === undefined)
        .map(({ name, description, provider }) => ({
          id: name,
          name,
          family: provider,
          version: '1',
          tooltip: description,
          maxInputTokens: MOST_TOKENS,
          maxOutputTokens: MOST_TOKENS,
          capabilities: {},
        }))
    },
    async provideLanguageModelChatResponse(model, messages, _options, progress, token) {
      const conversation = session.create(model.id)
      const stopShowing = session.onChange((change) => {
        if (change.conversation === conversation && change.kind === 'grown' && change.text)
          progress.report(new vscode.LanguageModelTextPart(change.text))
      })
      token.onCancellationRequested(() => void session.stop(conversation))
      try {
        const turn = await session.ask(conversation, { agent: model.id, prompt: messages.map(textOf).join('\n\n') })
        if (turn.error) throw new Error(turn.error.message)
      } finally {
        stopShowing()
        session.discard(conversation)
      }
    },
    async provideTokenCount(_model, text) {
      return Math.ceil((typeof text === 'string' ? text : textOf(text)).length / 4)
    },
  })
}

function textOf(message: vscode.LanguageModelChatRequestMessage): string {
  return message.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('')
}
