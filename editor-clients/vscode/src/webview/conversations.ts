/** The list of the conversations that are kept, with a search; it covers the transcript. */

import type { ConversationItem } from '../protocol.ts'
import { h, iconButton } from './dom.ts'
import { send } from './host.ts'

const TYPING_MS = 200

export class Conversations {
  private readonly search = h('input', { label: 'Search conversations' })
  private readonly list = h('ul', { 'aria-label': 'Conversations' })
  readonly element = h('div', { class: 'conversations', role: 'dialog', 'aria-label': 'Conversations' })
  private readonly onClose: () => void
  private typing: ReturnType<typeof setTimeout> | undefined

  constructor(onClose: () => void) {
    this.onClose = onClose
    this.search.type = 'search'
    this.search.placeholder = 'Search conversations'
    this.search.addEventListener('input', () => {
      clearTimeout(this.typing)
      this.typing = setTimeout(() => send({ type: 'find', query: this.search.value }), TYPING_MS)
    })
    this.element.addEventListener('keydown', (event) => this.onKey(event))
    this.element.append(
      h(
        'div',
        { class: 'row' },
        this.search,
        iconButton('close', 'Close', () => this.close()),
      ),
      this.list,
    )
    this.element.hidden = true
  }

  show(items: readonly ConversationItem[], query: string, current: string | undefined): void {
    const nothing = query ? 'No conversation has these words in it.' : 'No conversation is kept yet.'
    this.list.replaceChildren(
      ...(items.length > 0
        ? items.map((item) => this.entry(item, item.conversationId === current))
        : [h('li', { class: 'none', text: nothing })]),
    )
    if (!this.element.hidden) return
    this.element.hidden = false
    this.search.value = query
    this.search.focus()
  }

  close(): void {
    if (this.element.hidden) return
    this.element.hidden = true
    this.onClose()
  }

  private entry(item: ConversationItem, isCurrent: boolean): HTMLElement {
    const { conversationId: id, title } = item
    const about = `${item.agent} · ${when(item.updated)} · ${item.turns === 1 ? '1 prompt' : `${item.turns} prompts`}`
    const open = h(
      'button',
      { class: 'open', onclick: () => this.open(id), ...(isCurrent && { 'aria-current': 'true' }) },
      h('span', { class: 'name', text: title }),
      h('span', { class: 'about', text: about }),
    )
    const act = (type: 'rename' | 'delete' | 'export') => () => send({ type, id, title })
    const buttons = h(
      'span',
      { class: 'buttons' },
      iconButton('edit', `Rename “${title}”`, act('rename')),
      iconButton('export', `Export “${title}”`, act('export')),
      iconButton('delete', `Delete “${title}”`, act('delete')),
    )
    return h('li', { class: isCurrent ? 'current' : '' }, open, buttons)
  }

  private open(id: string): void {
    send({ type: 'open', id })
    this.close()
  }

  private onKey(event: KeyboardEvent): void {
    const stops = [this.search, ...this.list.querySelectorAll<HTMLElement>('.open')]
    const current = stops.indexOf(document.activeElement as HTMLInputElement)
    if (event.key === 'Escape') this.close()
    else if (event.key === 'ArrowDown') stops[Math.min(stops.length - 1, current + 1)]?.focus()
    else if (event.key === 'ArrowUp') stops[Math.max(0, current - 1)]?.focus()
    else if (event.key === 'Enter' && current === 0) stops[1]?.click()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}

/** Today the time, else the day. */
function when(iso: string): string {
  const date = new Date(iso)
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday
    ? date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
}
