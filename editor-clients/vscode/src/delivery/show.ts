/** Where the server may have an answer shown: the table of surfaces. What is not in it is not told to the server. */

import type { Chats } from '../chat/chats.ts'
import type { Show, ShowParams, ShowResult, Surfaces } from '../protocol.ts'
import type { ChatSession } from '../session/session.ts'
import { copy } from './clipboard.ts'
import type { Diffs } from './diff.ts'
import { proposeInput } from './input.ts'
import { panel } from './panels.ts'
import { showPage } from './webview.ts'

/** The parts of the extension that something can be shown by. */
export interface Parts {
  chats: Chats
  session: ChatSession
  diffs: Diffs
}

export type Shower<S extends keyof Surfaces> = (params: Show<S>, parts: Parts) => Promise<ShowResult>

const SHOWERS: { [S in keyof Surfaces]: Shower<S> } = {
  chatPanel: panel('chatPanel'),
  rightPanel: panel('rightPanel'),
  runPanel: panel('runPanel'),
  input: proposeInput,
  webview: showPage,
  clipboard: copy,
  diff: (params, { diffs }) => diffs.show(params),
}

export const SURFACES = Object.keys(SHOWERS) as (keyof Surfaces)[]

/** Shows something on its surface; one that a newer server may have is not shown. */
export async function show(params: ShowParams, parts: Parts): Promise<ShowResult> {
  const shower = SHOWERS[params.surface] as Shower<keyof Surfaces> | undefined
  return shower ? shower(params, parts) : { shown: false }
}
