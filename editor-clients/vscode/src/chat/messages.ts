/** What the extension and the chat view's page say to each other. Plain data only. */

import type { ConversationItem } from '../protocol.ts'
import type { Turn } from '../session/turn.ts'

export interface AgentCard {
  name: string
  description: string
  provider: string
  state: 'ok' | 'warning' | 'error'
  /** Why it cannot be asked; absent if it can. */
  obstacle?: string
}

export interface Question {
  id: number
  /** The first one asks, the others say what there is to know. */
  lines: string[]
  options: string[]
}

/** What could be sent along from the editor that the user works in, by name. */
export interface Offers {
  selection?: string
  file?: string
}

export interface ViewState {
  turns: Turn[]
  agent?: string
  /** Absent until the server has told. */
  agents?: AgentCard[]
  server: 'missing' | 'starting' | 'running' | 'stopped'
  chips: string[]
  offers: Offers
  questions: Question[]
}

export type ToView =
  | { type: 'state'; state: ViewState; draft: string }
  | { type: 'update'; state: Partial<ViewState> }
  | { type: 'turn'; turn: Turn }
  | { type: 'grown'; turnId: string; text: string; reasoning: string }
  | { type: 'conversations'; items: ConversationItem[]; query: string; current?: string }
  /** Puts a text into the prompt and the cursor behind it; without a text only the cursor. */
  | { type: 'focus'; text?: string }
  /** Puts a text into the prompt, behind what stands there. */
  | { type: 'propose'; text: string }

/** What is to be done with a block of code. */
export interface CodeMessage {
  type: 'code'
  action: CodeAction
  code: string
  language: string
  turnId: string
  /** Which of the fenced blocks of the answer it is, from 1; absent where that is not sure. */
  block?: number
}

export type CodeAction = 'copy' | 'insert' | 'diff' | 'new'

export type FromView =
  | { type: 'ready' }
  /** `editing`: the turn whose place the new one takes. */
  | { type: 'send'; prompt: string; editing?: string }
  | { type: 'stop' }
  | { type: 'retry'; turnId: string }
  | { type: 'agent'; name: string }
  | { type: 'draft'; text: string }
  | { type: 'attach'; what: 'selection' | 'file' }
  | { type: 'detach'; index: number }
  | CodeMessage
  /** One of the actions of a turn's error. */
  | { type: 'action'; turnId: string; index: number }
  /** Shows the place that a turn's error is about. */
  | { type: 'blame'; turnId: string }
  /** Shows a thing that was sent along with a turn. */
  | { type: 'context'; turnId: string; index: number }
  | { type: 'answer'; id: number; value?: string }
  | { type: 'openConfig'; id: number }
  | { type: 'find'; query: string }
  | { type: 'open'; id: string }
  | { type: 'rename' | 'delete' | 'export'; id: string; title: string }
  | { type: 'run'; command: ViewCommand }

/** The commands that the page may run. */
export const VIEW_COMMANDS = [
  'dragoman.newConversation',
  'dragoman.createAgent',
  'dragoman.importCurl',
  'dragoman.tryExample',
  'dragoman.restartServer',
] as const
export type ViewCommand = (typeof VIEW_COMMANDS)[number]
