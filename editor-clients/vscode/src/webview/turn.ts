/** One turn in the transcript: what was asked, and the answer with all that belongs to it. */

import type { Source } from '../protocol.ts'
import type { Note, Turn } from '../session/turn.ts'
import { Answer } from './answer.ts'
import { CodeBlock } from './codeBlock.ts'
import { h, icon, iconButton } from './dom.ts'
import { send } from './host.ts'

/** After this, the seconds are told that it waits. */
const PATIENCE_MS = 2000

export interface TurnActions {
  /** Brings the prompt back to be changed. */
  edit(turn: Turn): void
  /** Puts a text into the prompt. */
  suggest(prompt: string): void
}

export class TurnView {
  readonly element = h('section', { class: 'turn' })
  turn: Turn
  /** Whether the user was asked something first. */
  isWaitedFor = false
  private readonly answer = new Answer()
  private readonly name = h('h3', { class: 'name' })
  private readonly figures = h('span', { class: 'figures' })
  private readonly state = h('p', { class: 'state' })
  private readonly thinking = h('details', { class: 'reasoning' })
  private readonly thinkingTitle = h('summary')
  private readonly thinkingText = h('div')
  private readonly below = h('div', { class: 'below' })
  private readonly actions: TurnActions

  constructor(turn: Turn, actions: TurnActions) {
    this.turn = turn
    this.actions = actions
    this.element.dataset.id = turn.id
    this.thinking.append(this.thinkingTitle, this.thinkingText)
    const heading = h('header', { class: 'heading' }, this.name, this.figures)
    const asked = this.asked()
    if (asked) this.element.append(asked)
    this.element.append(heading, this.thinking, this.answer.element, this.state, this.below)
    this.update(turn)
  }

  update(turn: Turn): void {
    this.turn = turn
    this.name.textContent = turn.agent
    this.figures.textContent = turn.figures
    this.thinkingText.textContent = turn.reasoning
    this.showThinking()
    this.answer.replace(turn.text)
    this.answer.paint(turn.isDone)
    this.showState()
    this.element.classList.toggle('running', !turn.isDone)
    this.below.replaceChildren(...(turn.isDone ? this.endings() : turn.notes.map(noteLine)))
  }

  /** More of the answer; it is seen after `paint`. */
  grow(text: string, reasoning: string): void {
    this.answer.append(text)
    if (reasoning) this.thinkingText.append(reasoning)
  }

  paint(): void {
    this.answer.paint(false)
    this.showState()
  }

  /** What it is doing, as long as nothing of the answer is there. */
  showState(): void {
    const { turn } = this
    const isSeen = turn.isDone || (turn.phase === 'streaming' && (this.answer.text !== '' || turn.reasoning !== ''))
    this.state.hidden = isSeen
    this.state.textContent = isSeen ? '' : this.isWaitedFor ? 'Waiting for your answer below …' : stateText(turn)
  }

  private asked(): HTMLElement | undefined {
    const { turn } = this
    if (turn.prompt === undefined) return undefined
    const buttons = h(
      'span',
      { class: 'buttons' },
      iconButton('edit', 'Edit and go on from here', () => this.actions.edit(this.turn)),
      iconButton('retry', 'Ask again', () => send({ type: 'retry', turnId: turn.id })),
    )
    const chips = turn.context.map(({ label, location }, index) =>
      h(
        'button',
        { class: 'chip', disabled: !location, onclick: () => send({ type: 'context', turnId: turn.id, index }) },
        `▸ ${label}`,
      ),
    )
    return h(
      'div',
      { class: 'asked' },
      h('header', { class: 'heading' }, h('h3', { class: 'name', text: 'You' }), buttons),
      h('p', { class: 'prompt', text: turn.prompt }),
      chips.length > 0 && h('div', { class: 'chips' }, ...chips),
    )
  }

  private showThinking(): void {
    const { reasoning, thoughtMs } = this.turn
    this.thinking.hidden = reasoning === ''
    this.thinkingTitle.textContent =
      thoughtMs === undefined ? 'Thinking …' : `Thought for ${Math.max(1, Math.round(thoughtMs / 1000))} s`
  }

  private endings(): HTMLElement[] {
    const { turn } = this
    const parts = turn.notes.map(noteLine)
    if (turn.data !== undefined) parts.unshift(CodeBlock.whole(turn.data, 'json', false).element)
    if (turn.sources.length > 0) parts.unshift(sourceList(turn.sources))
    if (turn.error) parts.push(this.errorBox(turn.error))
    if (turn.followUps.length > 0) {
      const buttons = turn.followUps.map((prompt) =>
        h('button', { class: 'follow-up', onclick: () => this.actions.suggest(prompt) }, `▹ ${prompt}`),
      )
      parts.push(h('div', { class: 'follow-ups', role: 'group', 'aria-label': 'What may be asked next' }, ...buttons))
    }
    return parts
  }

  private errorBox(error: NonNullable<Turn['error']>): HTMLElement {
    const { id: turnId } = this.turn
    const actions = (error.actions ?? []).map(({ title }, index) =>
      h('button', { class: 'secondary', onclick: () => send({ type: 'action', turnId, index }) }, title),
    )
    if (error.location) {
      const file = decodeURIComponent(error.location.uri.split('/').at(-1) ?? '')
      actions.push(
        h('button', { class: 'secondary', onclick: () => send({ type: 'blame', turnId }) }, `Show in ${file}`),
      )
    }
    if (!(error.actions ?? []).some(({ command }) => command === 'dragoman.retry')) {
      actions.push(h('button', { class: 'secondary', onclick: () => send({ type: 'retry', turnId }) }, 'Ask again'))
    }
    const message = h('p', {}, h('span', { class: 'sign', 'aria-hidden': 'true', text: '✕' }), error.message)
    return h('div', { class: 'failure', role: 'alert' }, message, h('div', { class: 'row' }, ...actions))
  }
}

function stateText({ phase, phaseSince, agent, detail }: Turn): string {
  if (phase === 'connecting') return `Connecting to ${agent} …`
  const seconds = Math.floor((Date.now() - phaseSince) / 1000)
  const since = seconds * 1000 >= PATIENCE_MS ? ` · ${seconds} s` : ''
  if (phase === 'retrying') return `Trying again${detail ? `: ${detail}` : ' …'}${since}`
  return `Waiting for ${agent}${since || ' …'}`
}

function noteLine({ level, message }: Note): HTMLElement {
  return h(
    'p',
    { class: `note ${level}` },
    h('span', { class: 'sign', 'aria-hidden': 'true', text: level === 'warning' ? '⚠' : 'ℹ' }),
    message,
  )
}

function sourceList(sources: readonly Source[]): HTMLElement {
  const items = sources.map((source, index) => h('li', {}, `[${index + 1}] `, sourceName(source)))
  return h('div', { class: 'sources' }, h('span', { class: 'title', text: 'Sources' }), h('ul', {}, ...items))
}

function sourceName({ title, uri, excerpt }: Source): HTMLElement {
  const name = title ?? uri ?? excerpt ?? ''
  if (!uri || !/^https?:\/\//i.test(uri)) return h('span', { text: name, title: excerpt ?? uri ?? name })
  const link = h('a', { title: excerpt ? `${uri}\n${excerpt}` : uri }, name, icon('link'))
  link.href = uri
  return link
}
