/** An answer as the next prompt, to be edited. What the user has written already stays in front of it. */

import type { Shower } from './show.ts'

export const proposeInput: Shower<'input'> = async ({ turnId, agent, panel, text }, { chats, session }) => {
  const chat = chats.panels[panel]
  const conversation = session.conversationOf(turnId)
  if (conversation && conversation !== chat.conversation) chat.show(conversation)
  else if (!conversation) chat.choose(agent)
  await chat.view.reveal({ type: 'propose', text })
  return { shown: true }
}
