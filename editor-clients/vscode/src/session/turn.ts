/** One prompt and its answer: the server's events go in, what a person sees comes out. Plain data, so that it can be posted. */

import type { Location, Phase, Source, TurnError, TurnEvent, TurnResult, Usage } from '../protocol.ts'

/** A thing that is sent along, in words, and where it is. */
export interface ContextLabel {
  label: string
  location?: Location
}

export interface Note {
  level: 'info' | 'warning'
  message: string
}

export interface Turn {
  readonly id: string
  agent: string
  /** What was asked; absent where somebody else has asked. */
  readonly prompt?: string
  readonly context: ContextLabel[]
  readonly isDone: boolean
  readonly phase: Phase
  readonly detail?: string
  /** When the phase began, in milliseconds. */
  readonly phaseSince: number
  readonly text: string
  readonly reasoning: string
  readonly thinkingSince?: number
  /** How long it thought; absent until the text begins. */
  readonly thoughtMs?: number
  readonly sources: Source[]
  readonly followUps: string[]
  readonly notes: Note[]
  /** `2.1 s · 412 tokens`. */
  readonly figures: string
  readonly error?: TurnError
  /** What the answer was made into, as JSON. */
  readonly data?: string
}

/** What an event has changed: only text was added to the end, or anything, or nothing that is seen. */
export type Change = { text: string } | { reasoning: string } | 'turn' | 'nothing'

const ENDINGS: Record<string, Note> = {
  cancelled: { level: 'info', message: 'Stopped.' },
  max_tokens: { level: 'warning', message: 'The answer ends here because the agent has reached its limit of tokens.' },
  refused: { level: 'warning', message: 'The agent refuses to answer this.' },
}

type Changing<T> = { -readonly [K in keyof T]: T[K] }

/** Gathers a turn. The server numbers its events, so what came twice is known, and what got lost too. */
export class TurnGatherer {
  readonly turn: Turn
  private readonly changing: Changing<Turn>
  private readonly now: () => number
  private nextSeq = 0
  private isTorn = false

  constructor(
    id: string,
    agent: string,
    asked: { prompt?: string; context?: ContextLabel[] } = {},
    now: () => number = Date.now,
  ) {
    this.now = now
    this.changing = {
      id,
      agent,
      ...(asked.prompt === undefined ? {} : { prompt: asked.prompt }),
      context: asked.context ?? [],
      isDone: false,
      phase: 'connecting',
      phaseSince: now(),
      text: '',
      reasoning: '',
      sources: [],
      followUps: [],
      notes: [],
      figures: '',
    }
    this.turn = this.changing
  }

  /** Takes one event. Kinds that a newer server may send are let pass, as the protocol asks. */
  take(event: TurnEvent): Change {
    if (this.turn.isDone || event.seq < this.nextSeq) return 'nothing'
    this.isTorn ||= event.seq > this.nextSeq
    this.nextSeq = event.seq + 1
    const turn = this.changing
    switch (event.kind) {
      case 'text':
        return this.addText(event.delta)
      case 'reasoning':
        return this.addReasoning(event.delta)
      case 'replaceText':
        turn.text = event.text
        return 'turn'
      case 'status':
        return this.enter(event.phase, event.detail)
      case 'source': {
        const { title, uri, excerpt } = event
        turn.sources.push({ ...(title && { title }), ...(uri && { uri }), ...(excerpt && { excerpt }) })
        return 'turn'
      }
      case 'followUp':
        turn.followUps.push(...event.prompts)
        return 'turn'
      case 'notice':
        turn.notes.push({ level: event.level, message: event.message })
        return 'turn'
      case 'start':
        turn.agent = event.agent
        return 'turn'
      case 'end':
        this.finish(event.result)
        return 'turn'
      default:
        return 'nothing'
    }
  }

  /** Ends the turn; whatever comes later changes nothing. */
  finish(result: TurnResult): void {
    if (this.turn.isDone) return
    const turn = this.changing
    this.finishThinking()
    turn.isDone = true
    turn.figures = figures(result)
    if (result.sources) turn.sources = result.sources
    if (result.followUps) turn.followUps = result.followUps
    if (result.error) turn.error = result.error
    const ending = ENDINGS[result.stopReason]
    if (ending) turn.notes.push(ending)
    if (result.textLength !== turn.text.length || this.isTorn) {
      const message = `Only ${turn.text.length} of ${result.textLength} characters have arrived here. Ask again.`
      turn.notes.push({
        level: 'warning',
        message: this.isTorn ? 'Something of this answer was lost on its way here. Ask again.' : message,
      })
    }
  }

  /** Data that the answer was made into. */
  addData(data: unknown): Change {
    this.changing.data = JSON.stringify(data, undefined, 2)
    return 'turn'
  }

  /** Ends the turn without a result: the server is gone, or has refused the request. */
  fail(message: string): void {
    if (this.turn.isDone) return
    this.finishThinking()
    this.changing.isDone = true
    this.changing.error = { code: 'internal', message }
  }

  private addText(delta: string): Change {
    const isFirst = this.finishThinking()
    this.changing.text += delta
    return isFirst ? 'turn' : { text: delta }
  }

  private addReasoning(delta: string): Change {
    const isFirst = this.turn.reasoning === ''
    this.changing.thinkingSince ??= this.now()
    this.changing.reasoning += delta
    return isFirst ? 'turn' : { reasoning: delta }
  }

  private enter(phase: Phase, detail: string | undefined): Change {
    this.changing.phase = phase
    this.changing.phaseSince = this.now()
    if (detail === undefined) delete this.changing.detail
    else this.changing.detail = detail
    return 'turn'
  }

  private finishThinking(): boolean {
    if (this.turn.thinkingSince === undefined || this.turn.thoughtMs !== undefined) return false
    this.changing.thoughtMs = this.now() - this.turn.thinkingSince
    return true
  }
}

/** Time to the first byte, and what the answer cost, as far as it is known. */
export function figures(result: { timings?: { firstByteMs?: number }; usage?: Usage }): string {
  const parts: string[] = []
  const { timings, usage } = result
  if (timings?.firstByteMs !== undefined) parts.push(`${Math.max(0.1, timings.firstByteMs / 1000).toFixed(1)} s`)
  if (usage?.total !== undefined) parts.push(`${usage.total} tokens`)
  if (usage?.cost !== undefined) {
    const amount = Number(usage.cost.toPrecision(4)).toString()
    parts.push(usage.currency ? `${amount} ${usage.currency}` : `cost ${amount}`)
  }
  return parts.join(' · ')
}
