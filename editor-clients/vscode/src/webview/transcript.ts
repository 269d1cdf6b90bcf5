/** The turns from top to bottom. It follows the end only while the reader is there. */

import type { Turn } from '../session/turn.ts'
import { Announcer } from './announcer.ts'
import { h } from './dom.ts'
import { keep, kept } from './host.ts'
import { type TurnActions, TurnView } from './turn.ts'

/** Pixels from the end within which the reader is at the end. */
const NEAR = 32
const CHEAP_MS = 8

export class Transcript {
  private readonly log = h('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': 'Conversation' })
  private readonly newText = h('button', { class: 'new-text', onclick: () => this.goToEnd() }, 'New text ↓')
  private readonly announcer = new Announcer()
  readonly element = h('div', { class: 'transcript' }, this.log, this.newText, this.announcer.element)
  private readonly views = new Map<string, TurnView>()
  private readonly actions: TurnActions
  private readonly grown = new Set<TurnView>()
  private isAtEnd = true
  private hasRestored = false
  /** What the last painting took, in milliseconds. */
  private cost = 0

  constructor(actions: TurnActions) {
    this.actions = actions
    this.log.tabIndex = 0
    this.newText.hidden = true
    this.log.addEventListener('scroll', () => this.onScroll())
    new ResizeObserver(() => this.follow()).observe(this.log)
    setInterval(() => this.running()?.showState(), 1000)
  }

  /** Shows these turns; those that were there already are not made anew. `empty` stands there where there is none. */
  show(turns: readonly Turn[], empty: HTMLElement): void {
    const ids = new Set(turns.map((turn) => turn.id))
    for (const id of this.views.keys()) if (!ids.has(id)) this.views.delete(id)
    const elements = turns.map((turn) => this.update(turn).element)
    this.log.replaceChildren(...(elements.length > 0 ? elements : [empty]))
    this.isAtEnd = true
    this.restore()
    this.follow()
  }

  update(turn: Turn): TurnView {
    const view = this.views.get(turn.id)
    if (!view) {
      const made = new TurnView(turn, this.actions)
      this.views.set(turn.id, made)
      return made
    }
    const wasDone = view.turn.isDone
    this.grown.delete(view)
    view.update(turn)
    if (turn.isDone && !wasDone) this.announcer.end(turn)
    this.follow()
    return view
  }

  /** More of an answer: it is painted with the next frame. */
  grow(turnId: string, text: string, reasoning: string): void {
    const view = this.views.get(turnId)
    if (!view) return
    view.grow(text, reasoning)
    this.announcer.add(text)
    if (this.grown.size === 0) this.schedulePaint()
    this.grown.add(view)
  }

  /** Whether a question stands that the running turn may wait for. */
  setWaitedFor(isWaitedFor: boolean): void {
    const view = this.running()
    if (!view || view.isWaitedFor === isWaitedFor) return
    view.isWaitedFor = isWaitedFor
    view.showState()
  }

  goToEnd(): void {
    this.isAtEnd = true
    this.follow()
  }

  private running(): TurnView | undefined {
    return [...this.views.values()].find((view) => !view.turn.isDone)
  }

  /** With the next frame; later where painting takes long, so that there is time for everything else. */
  private schedulePaint(): void {
    const rest = this.cost > CHEAP_MS ? this.cost * 2 : 0
    setTimeout(() => requestAnimationFrame(() => this.paint()), rest)
  }

  private paint(): void {
    const start = performance.now()
    for (const view of this.grown) view.paint()
    this.grown.clear()
    this.follow()
    this.cost = performance.now() - start
  }

  private follow(): void {
    if (this.isAtEnd) this.log.scrollTop = this.log.scrollHeight
    else this.newText.hidden = this.running() === undefined
  }

  private onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.log
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR
    if (this.isAtEnd) this.newText.hidden = true
    keep(this.isAtEnd ? {} : { scrollTop })
  }

  /** Where the reader was before the view was hidden. */
  private restore(): void {
    const { scrollTop } = kept()
    if (this.hasRestored || this.views.size === 0) return
    this.hasRestored = true
    if (scrollTop === undefined) return
    this.isAtEnd = false
    this.log.scrollTop = scrollTop
  }
}
