/** A turn in a panel: the same page in the side bar, in a tab beside the editor, or at the bottom. */

import type { PanelName } from '../protocol.ts'
import type { Shower } from './show.ts'

export function panel(name: PanelName): Shower<PanelName> {
  return async ({ turnId, data }, { chats, session }) => {
    const conversation = session.conversationOf(turnId)
    if (!conversation) return { shown: false }
    if (data !== undefined) session.addData(turnId, data)
    await chats.bring(conversation, name)
    return { shown: true }
  }
}
