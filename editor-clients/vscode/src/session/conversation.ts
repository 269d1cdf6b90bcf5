/** A conversation as it is shown: its turns, the server's id for it, and the turn that runs in it, if any. */

import type { KeptConversation, KeptTurn } from '../protocol.ts'
import { TurnGatherer, type Turn } from './turn.ts'

export class Conversation {
  /** The server's; absent before the first turn. */
  id: string | undefined
  title = ''
  /** The agent that is asked next. */
  agent: string | undefined
  /** The turn of an earlier session that the next one goes on from. */
  resumed: string | undefined
  /** Those that are shown: one branch. The server keeps the others. */
  readonly gatherers: TurnGatherer[] = []

  get turns(): Turn[] {
    return this.gatherers.map((gatherer) => gatherer.turn)
  }

  get running(): Turn | undefined {
    return this.turns.find((turn) => !turn.isDone)
  }

  add(gatherer: TurnGatherer): void {
    this.gatherers.push(gatherer)
    this.title ||= firstLine(gatherer.turn.prompt ?? gatherer.turn.agent)
  }

  /** Takes a turn and all that follow it out of what is shown. */
  rewind(turnId: string): void {
    const index = this.gatherers.findIndex((gatherer) => gatherer.turn.id === turnId)
    if (index >= 0) this.gatherers.splice(index)
  }

  static of(kept: KeptConversation): Conversation {
    const conversation = new Conversation()
    conversation.id = kept.conversationId
    conversation.title = kept.title
    conversation.resumed = kept.headTurnId
    for (const turn of branch(kept)) conversation.gatherers.push(gathererOf(turn))
    conversation.agent = conversation.turns.at(-1)?.agent
    return conversation
  }
}

/** The turns that led to the newest one, oldest first. */
export function branch(kept: KeptConversation): KeptTurn[] {
  const turns: KeptTurn[] = []
  let wanted = kept.headTurnId
  for (const turn of kept.turns.toReversed()) {
    if (turn.turnId !== wanted) continue
    turns.unshift(turn)
    wanted = turn.parentId
  }
  return turns
}

function gathererOf(kept: KeptTurn): TurnGatherer {
  const context = kept.typed === undefined ? [] : [{ label: 'with context' }]
  const gatherer = new TurnGatherer(kept.turnId, kept.agent, { prompt: kept.typed ?? kept.prompt, context })
  let seq = 0
  if (kept.reasoning) gatherer.take({ kind: 'reasoning', delta: kept.reasoning, turnId: kept.turnId, seq: seq++ })
  gatherer.take({ kind: 'text', delta: kept.text, offset: 0, turnId: kept.turnId, seq })
  gatherer.finish({
    turnId: kept.turnId,
    conversationId: '',
    agent: kept.agent,
    stopReason: stopReasonOf(kept),
    textLength: kept.text.length,
    incomplete: kept.incomplete,
    timings: { totalMs: 0 },
    ...(kept.sources && { sources: kept.sources }),
    ...(kept.usage && { usage: kept.usage }),
    ...(kept.error && { error: kept.error }),
  })
  return gatherer
}

function stopReasonOf(kept: KeptTurn): 'completed' | 'cancelled' | 'max_tokens' | 'refused' {
  const known = ['cancelled', 'max_tokens', 'refused'] as const
  return known.find((reason) => reason === kept.stopReason) ?? 'completed'
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? ''
}
