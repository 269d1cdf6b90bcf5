/** What the server and this client say to each other, as far as it is not LSP itself (docs/protocol.md). */

export interface Position {
  line: number
  character: number
}
export interface Range {
  start: Position
  end: Position
}
export interface Location {
  uri: string
  range: Range
}
export interface Command {
  title: string
  command: string
  arguments?: unknown[]
}

export interface AgentInfo {
  name: string
  description: string
  icon?: string
  provider: string
  /** The host only. */
  url: string
  enabled: boolean
  state: 'ok' | 'warning' | 'error'
  problems: string[]
  location: Location
  trusted: boolean
}

export type ContextItem =
  | { kind: 'selection'; textDocument: { uri: string }; range: Range }
  | { kind: 'file'; uri: string; range?: Range }
  | { kind: 'text'; text: string; label?: string; languageId?: string }

/** Where the user is: the document, the cursor, what is selected. */
export interface Place {
  textDocument?: { uri: string }
  position?: Position
  range?: Range
}

/** How an answer gets to where its agent wants it. */
export interface Delivered extends Place {
  deliver?: 'client' | 'server'
}

export interface PromptParams extends Delivered {
  agent: string
  prompt: string
  turnId?: string
  conversationId?: string
  afterTurnId?: string
  context?: ContextItem[]
}

export interface RetryParams extends Delivered {
  turnId: string
  newTurnId?: string
  agent?: string
  prompt?: string
}

export interface Source {
  title?: string
  uri?: string
  excerpt?: string
}

/** What the agent says that the answer cost. */
export interface Usage {
  input?: number
  output?: number
  total?: number
  cost?: number
  currency?: string
}

export type Phase = 'connecting' | 'waiting' | 'streaming' | 'retrying'

export type TurnEvent = { turnId: string; seq: number } & (
  | { kind: 'start'; conversationId: string; agent: string }
  | { kind: 'text'; delta: string; offset: number }
  | { kind: 'reasoning'; delta: string }
  | { kind: 'replaceText'; text: string }
  | ({ kind: 'source' } & Source)
  | { kind: 'followUp'; prompts: string[] }
  | ({ kind: 'usage' } & Usage)
  | { kind: 'status'; phase: Phase; detail?: string }
  | { kind: 'notice'; level: 'info' | 'warning'; code: string; message: string }
  | { kind: 'end'; result: TurnResult }
)

export type StopReason = 'completed' | 'cancelled' | 'error' | 'max_tokens' | 'refused' | 'timeout'

export interface TurnError {
  code: string
  message: string
  location?: Location
  actions?: Command[]
}

export interface TurnResult {
  turnId: string
  conversationId: string
  agent: string
  stopReason: StopReason
  /** Of the whole text, in UTF-16. */
  textLength: number
  incomplete: boolean
  sources?: Source[]
  followUps?: string[]
  usage?: Usage
  timings: { connectMs?: number; firstByteMs?: number; totalMs: number }
  error?: TurnError
}

export type Preview =
  { method: string; url: string; headers: Record<string, string>; body: string; curl: string } | { error: TurnError }

export interface ConversationItem {
  conversationId: string
  title: string
  agent: string
  updated: string
  turns: number
}

export interface KeptTurn {
  turnId: string
  agent: string
  at: string
  parentId?: string
  prompt: string
  typed?: string
  text: string
  reasoning?: string
  sources?: Source[]
  usage?: Usage
  stopReason?: string
  incomplete: boolean
  error?: { code: string; message: string }
}

export interface KeptConversation {
  conversationId: string
  title: string
  headTurnId?: string
  turns: KeptTurn[]
}

export interface AskParams {
  title: string
  default?: string
  options?: string[]
}
export interface AskResult {
  value?: string
}

export interface ApplyParams {
  turnId: string
  /** From 1. */
  block?: number
  target: 'insert' | 'replaceSelection' | 'replaceFile' | 'newFile' | 'diff'
  textDocument?: { uri: string; version?: number }
  position?: Position
  range?: Range
}

export type PanelName = 'chatPanel' | 'rightPanel' | 'runPanel'

/** What each surface is given to show. */
export interface Surfaces extends Record<PanelName, { data?: unknown }> {
  input: { panel: PanelName; text: string }
  webview: { panel: PanelName; title: string; html: string }
  clipboard: { text: string }
  diff: {
    textDocument: { uri: string; version: number }
    range: Range
    text: string
    state: 'growing' | 'complete' | 'withdrawn'
  }
}
/** What is to be shown on one of them. */
export type Show<S extends keyof Surfaces> = { turnId: string; agent: string } & Surfaces[S]
export type ShowParams = { [S in keyof Surfaces]: { surface: S } & Show<S> }[keyof Surfaces]
export interface ShowResult {
  shown?: boolean
  accepted?: boolean
}

/** The requests of the extension: what each takes and gives. */
export interface Requests {
  'dragoman/agents': [Record<string, never>, { agents: AgentInfo[] }]
  'dragoman/prompt': [PromptParams & { partialResultToken: string }, TurnResult]
  'dragoman/retry': [RetryParams & { partialResultToken: string }, TurnResult]
  'dragoman/preview': [PromptParams, Preview]
  'dragoman/stop': [{ turnId: string }, { stopped: boolean }]
  'dragoman/apply': [ApplyParams, { applied: boolean }]
  'dragoman/conversations': [
    { query?: string; cursor?: string; limit?: number },
    { items: ConversationItem[]; cursor?: string },
  ]
  'dragoman/conversation': [{ conversationId: string }, KeptConversation]
  'dragoman/renameConversation': [{ conversationId: string; title: string }, unknown]
  'dragoman/deleteConversation': [{ conversationId: string }, unknown]
  'dragoman/exportConversation': [{ conversationId: string; format: 'markdown' | 'json' }, { uri: string }]
}
