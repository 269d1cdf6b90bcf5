/** The conversations of this window and what can be done with them. Knows the server by what it can be asked, and no editor. */

import type { ContextItem, Delivered, Place, Requests, TurnEvent, TurnResult } from '../protocol.ts'
import { Conversation } from './conversation.ts'
import { type Change, type ContextLabel, TurnGatherer, type Turn } from './turn.ts'

/** The server, as far as chatting needs it. */
export interface Server {
  request<M extends keyof Requests>(method: M, params: Requests[M][0]): Promise<Requests[M][1]>
  /** Calls back with the events of one turn until the function that is returned is called. */
  listen(token: string, take: (events: TurnEvent[]) => void): () => void
}

/** A piece of context: what is sent, and how that is called. */
export interface Attachment extends ContextLabel {
  item: ContextItem
}

export interface Question {
  agent: string
  prompt: string
  attachments?: Attachment[]
  /** Where the user is: the server takes the answer to where its agent wants it. Absent: it is only shown. */
  place?: Place
}

/** What is other when a turn is asked again. */
export interface Changes {
  agent?: string
  prompt?: string
  place?: Place
}

export type SessionChange =
  | { kind: 'conversation'; conversation: Conversation }
  | { kind: 'turn'; conversation: Conversation; turn: Turn }
  | { kind: 'grown'; conversation: Conversation; turn: Turn; text: string; reasoning: string }

export class ChatSession {
  /** Newest last. */
  readonly conversations: Conversation[] = []
  private readonly server: Server
  private readonly listeners = new Set<(change: SessionChange) => void>()
  private readonly byTurn = new Map<string, { conversation: Conversation; gatherer: TurnGatherer }>()

  constructor(server: Server) {
    this.server = server
  }

  /** Calls back for everything that changes, until the function that is returned is called. */
  onChange(listener: (change: SessionChange) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** The newest turn that streams, in any conversation. */
  get running(): Turn | undefined {
    return this.conversations.findLast((conversation) => conversation.running)?.running
  }

  create(agent?: string): Conversation {
    const conversation = new Conversation()
    conversation.agent = agent
    this.conversations.push(conversation)
    return conversation
  }

  /** The conversation that the server keeps under this id. */
  async open(id: string): Promise<Conversation> {
    const known = this.conversations.find((conversation) => conversation.id === id)
    if (known) return known
    const conversation = Conversation.of(await this.server.request('dragoman/conversation', { conversationId: id }))
    this.conversations.push(conversation)
    return conversation
  }

  /** Keeps a conversation no longer here, whether the server does or not. */
  discard(conversation: Conversation): void {
    const index = this.conversations.indexOf(conversation)
    if (index >= 0) this.conversations.splice(index, 1)
    for (const { id } of conversation.turns) this.byTurn.delete(id)
  }

  /** Sends a prompt; resolves with the turn when it has ended, however that came about. */
  ask(conversation: Conversation, question: Question): Promise<Turn> {
    const attachments = question.attachments ?? []
    conversation.agent = question.agent
    const afterTurnId = conversation.resumed
    conversation.resumed = undefined
    const context = attachments.map(({ label, location }) => ({ label, ...(location && { location }) }))
    return this.run(
      conversation,
      new TurnGatherer(newId(), question.agent, { prompt: question.prompt, context }),
      (turnId) =>
        this.server.request('dragoman/prompt', {
          agent: question.agent,
          prompt: question.prompt,
          turnId,
          partialResultToken: turnId,
          ...(conversation.id && { conversationId: conversation.id }),
          ...(afterTurnId && { afterTurnId }),
          ...(attachments.length > 0 && { context: attachments.map((attachment) => attachment.item) }),
          ...delivered(question.place),
        }),
    )
  }

  /** Asks a turn again, in other words or of another agent where they are given. What followed it is not shown any more. */
  retry(conversation: Conversation, turnId: string, { place, ...changes }: Changes = {}): Promise<Turn> {
    const before = conversation.turns.find((turn) => turn.id === turnId)
    const prompt = changes.prompt ?? before?.prompt
    const agent = changes.agent ?? before?.agent ?? ''
    const asked = { ...(prompt !== undefined && { prompt }), context: before?.context ?? [] }
    conversation.rewind(turnId)
    conversation.resumed = undefined
    return this.run(conversation, new TurnGatherer(newId(), agent, asked), (newTurnId) =>
      this.server.request('dragoman/retry', {
        turnId,
        newTurnId,
        partialResultToken: newTurnId,
        ...changes,
        ...delivered(place),
      }),
    )
  }

  /** Stops what runs in a conversation, else the newest turn. The result that then comes ends the turn. */
  async stop(conversation?: Conversation): Promise<void> {
    const turn = conversation ? conversation.running : this.running
    if (turn) await this.server.request('dragoman/stop', { turnId: turn.id })
  }

  /** A turn that the server has begun by itself; once for each. */
  adopt(
    conversation: Conversation,
    turnId: string,
    agent: string,
    asked: { prompt?: string; context?: ContextLabel[] } = {},
  ): void {
    if (this.byTurn.has(turnId)) return
    this.begin(conversation, new TurnGatherer(turnId, agent, asked))
  }

  /** The conversation that a turn is part of, where that is known here. */
  conversationOf(turnId: string): Conversation | undefined {
    return this.byTurn.get(turnId)?.conversation
  }

  /** Data that an answer was made into. */
  addData(turnId: string, data: unknown): void {
    const owner = this.byTurn.get(turnId)
    if (owner) this.tell(owner.conversation, owner.gatherer.turn, owner.gatherer.addData(data))
  }

  /** An event of a turn, whichever way it came. */
  take(event: TurnEvent): void {
    const owner = this.byTurn.get(event.turnId)
    if (!owner) return
    if (event.kind === 'start') owner.conversation.id = event.conversationId
    this.tell(owner.conversation, owner.gatherer.turn, owner.gatherer.take(event))
  }

  /** The server's process has ended: so has all that it was asked for. */
  serverEnded(message: string): void {
    for (const { conversation, gatherer } of this.byTurn.values()) {
      if (gatherer.turn.isDone) continue
      gatherer.fail(message)
      this.tell(conversation, gatherer.turn, 'turn')
    }
  }

  private async run(
    conversation: Conversation,
    gatherer: TurnGatherer,
    send: (turnId: string) => Promise<TurnResult>,
  ): Promise<Turn> {
    const { turn } = gatherer
    this.begin(conversation, gatherer)
    const stopListening = this.server.listen(turn.id, (events) => this.takeAll(events))
    try {
      const result = await send(turn.id)
      conversation.id ??= result.conversationId
      gatherer.finish(result)
    } catch (error) {
      gatherer.fail(error instanceof Error ? error.message : String(error))
    } finally {
      stopListening()
    }
    this.tell(conversation, turn, 'turn')
    return turn
  }

  /** What one read of the agent's socket gave is told as one change where it is text only. */
  private takeAll(events: TurnEvent[]): void {
    let text = ''
    let reasoning = ''
    const owner = this.byTurn.get(events[0]?.turnId ?? '')
    if (!owner) return
    for (const event of events) {
      if (event.kind === 'start') owner.conversation.id = event.conversationId
      const change = owner.gatherer.take(event)
      if (change === 'turn') {
        this.tell(owner.conversation, owner.gatherer.turn, 'turn')
        text = reasoning = ''
      } else if (change !== 'nothing') {
        if ('text' in change) text += change.text
        else reasoning += change.reasoning
      }
    }
    if (text || reasoning)
      this.emit({ kind: 'grown', conversation: owner.conversation, turn: owner.gatherer.turn, text, reasoning })
  }

  private begin(conversation: Conversation, gatherer: TurnGatherer): void {
    conversation.add(gatherer)
    this.byTurn.set(gatherer.turn.id, { conversation, gatherer })
    this.emit({ kind: 'conversation', conversation })
  }

  private tell(conversation: Conversation, turn: Turn, change: Change): void {
    if (change === 'turn') this.emit({ kind: 'turn', conversation, turn })
    else if (change !== 'nothing') this.emit({ kind: 'grown', conversation, turn, text: '', reasoning: '', ...change })
  }

  private emit(change: SessionChange): void {
    for (const listener of this.listeners) listener(change)
  }
}

function delivered(place: Place | undefined): Delivered {
  return place ? { deliver: 'server', ...place } : {}
}

function newId(): string {
  return `vscode-${crypto.randomUUID()}`
}
