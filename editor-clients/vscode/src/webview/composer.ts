/** Where the prompt is written: with the agent, and with all that is sent along as chips. */

import type { ViewState } from '../chat/messages.ts'
import type { Turn } from '../session/turn.ts'
import { h, icon, iconButton } from './dom.ts'
import { send } from './host.ts'
import { Picker } from './picker.ts'

const DRAFT_MS = 300
const MOST_ROWS = 12

export class Composer {
  private readonly picker = new Picker((name) => {
    send({ type: 'agent', name })
    this.focus()
  })
  private readonly chips = h('div', { class: 'chips' })
  private readonly input = h('textarea', { label: 'Prompt' })
  private readonly submit = h('button', {
    class: 'submit',
    onclick: () => (this.isAnswering ? send({ type: 'stop' }) : this.send()),
  })
  private readonly editing = h('div', { class: 'editing' })
  readonly element: HTMLElement
  private editedTurn: Turn | undefined
  private lastPrompt = ''
  private isAnswering = false
  private saving: ReturnType<typeof setTimeout> | undefined

  constructor() {
    this.input.rows = 1
    this.input.removeAttribute('title')
    this.input.addEventListener('input', () => this.changed())
    this.input.addEventListener('keydown', (event) => this.onKey(event))
    const row = h('div', { class: 'row top' }, this.picker.element, this.chips)
    this.element = h(
      'div',
      { class: 'composer' },
      this.editing,
      row,
      h('div', { class: 'field' }, this.input, this.submit),
    )
    this.editing.hidden = true
  }

  show(state: ViewState): void {
    this.picker.show(state.agents, state.agent)
    this.showChips(state)
    this.isAnswering = state.turns.some((turn) => !turn.isDone)
    this.lastPrompt = state.turns.findLast((turn) => turn.prompt !== undefined)?.prompt ?? ''
    this.input.placeholder = state.agent === undefined ? 'Ask …' : `Ask ${state.agent} …`
    this.submit.replaceChildren(icon(this.isAnswering ? 'stop' : 'send'))
    const label = this.isAnswering ? 'Stop (Esc)' : 'Send (Enter)'
    this.submit.setAttribute('aria-label', label)
    this.submit.title = label
    this.submit.classList.toggle('stop', this.isAnswering)
    if (this.editedTurn && !state.turns.some((turn) => turn.id === this.editedTurn?.id)) this.endEditing()
  }

  setDraft(text: string): void {
    this.input.value = text
    this.resize()
  }

  focus(text?: string): void {
    if (text !== undefined) {
      this.input.value = text
      this.changed()
    }
    this.input.focus()
    this.input.setSelectionRange(this.input.value.length, this.input.value.length)
  }

  /** Puts a text behind what is written. */
  propose(text: string): void {
    const written = this.input.value.trimEnd()
    this.focus(written === '' ? text : `${written}\n\n${text}`)
  }

  /** Brings a prompt back: sending it then takes the place of that turn. */
  edit(turn: Turn): void {
    this.editedTurn = turn
    const stop = iconButton('close', 'Do not edit', () => {
      this.endEditing()
      this.focus('')
    })
    this.editing.replaceChildren(
      h('span', { text: 'The answer will take the place of that turn and of what followed it.' }),
      stop,
    )
    this.editing.hidden = false
    this.focus(turn.prompt ?? '')
  }

  private endEditing(): void {
    this.editedTurn = undefined
    this.editing.hidden = true
  }

  private showChips({ chips, offers }: ViewState): void {
    const attached = chips.map((label, index) =>
      h(
        'span',
        { class: 'chip attached' },
        label,
        iconButton('close', `Do not send ${label}`, () => send({ type: 'detach', index })),
      ),
    )
    const offered = (['selection', 'file'] as const).flatMap((what) => {
      const label = offers[what]
      if (label === undefined || chips.includes(label)) return []
      return [
        h(
          'button',
          { class: 'chip offer', label: `Send ${label} along`, onclick: () => send({ type: 'attach', what }) },
          icon('add'),
          label,
        ),
      ]
    })
    this.chips.replaceChildren(...attached, ...offered)
  }

  private send(): void {
    const prompt = this.input.value.trim()
    if (prompt === '' || this.isAnswering) return
    send({ type: 'send', prompt, ...(this.editedTurn && { editing: this.editedTurn.id }) })
    this.endEditing()
    this.setDraft('')
    clearTimeout(this.saving)
  }

  private changed(): void {
    this.resize()
    clearTimeout(this.saving)
    this.saving = setTimeout(() => send({ type: 'draft', text: this.input.value }), DRAFT_MS)
  }

  private resize(): void {
    this.input.rows = 1
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(this.input)
    const height = this.input.scrollHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom)
    this.input.rows = Math.max(1, Math.min(MOST_ROWS, Math.round(height / Number.parseFloat(lineHeight))))
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) this.send()
    else if (event.key === 'ArrowUp' && this.input.value === '' && this.lastPrompt) this.focus(this.lastPrompt)
    else return
    event.preventDefault()
  }
}
