/** The button with the chosen agent's name, and the list that it opens. */

import type { AgentCard } from '../chat/messages.ts'
import { h, icon } from './dom.ts'

const NAMES = { ok: 'ready', warning: 'has warnings', error: 'cannot be asked' }

export class Picker {
  private readonly name = h('span', { class: 'name' })
  private readonly button = h(
    'button',
    { class: 'picker', label: 'Choose the agent', 'aria-haspopup': 'listbox', onclick: () => this.toggle() },
    this.name,
    icon('down'),
  )
  private readonly list = h('ul', { class: 'agents', role: 'listbox', 'aria-label': 'Agents' })
  readonly element = h('div', { class: 'picker-box' }, this.list, this.button)
  private readonly choose: (name: string) => void
  private agents: readonly AgentCard[] = []
  private chosen: string | undefined

  constructor(choose: (name: string) => void) {
    this.choose = choose
    this.list.tabIndex = -1
    this.list.hidden = true
    this.list.addEventListener('keydown', (event) => this.onKey(event))
    this.element.addEventListener('focusout', (event) => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.close()
    })
  }

  show(agents: readonly AgentCard[] | undefined, chosen: string | undefined): void {
    if (agents !== undefined && agents === this.agents && chosen === this.chosen) return // a list that is open stays so
    this.agents = agents ?? []
    this.chosen = chosen
    this.name.textContent = chosen ?? (agents ? 'No agent' : 'Agents …')
    this.button.disabled = this.agents.length === 0
    this.list.replaceChildren(...this.agents.map((agent) => this.option(agent)))
  }

  private option(agent: AgentCard): HTMLElement {
    const { name, description, provider, state, obstacle } = agent
    const about = obstacle === undefined ? description : `cannot be asked: ${obstacle}`
    const option = h(
      'li',
      {
        role: 'option',
        'aria-selected': String(name === this.chosen),
        'aria-disabled': String(obstacle !== undefined),
        title: about,
        onclick: () => this.pick(agent),
      },
      h('span', { class: `dot ${state}`, label: NAMES[state], role: 'img' }),
      h(
        'span',
        { class: 'what' },
        h('span', { class: 'name' }, name, h('span', { class: 'provider', text: provider })),
        h('span', { class: 'about', text: about }),
      ),
    )
    option.tabIndex = -1
    return option
  }

  private toggle(): void {
    if (!this.list.hidden) return this.close()
    this.list.hidden = false
    this.button.setAttribute('aria-expanded', 'true')
    const selected =
      this.list.querySelector<HTMLElement>('[aria-selected=true]') ?? this.list.querySelector<HTMLElement>('li')
    selected?.focus()
  }

  private close(): void {
    this.list.hidden = true
    this.button.setAttribute('aria-expanded', 'false')
  }

  private pick({ name, obstacle }: AgentCard): void {
    if (obstacle !== undefined) return
    this.close()
    this.choose(name)
  }

  private onKey(event: KeyboardEvent): void {
    const options = [...this.list.querySelectorAll<HTMLElement>('li')]
    const current = options.indexOf(document.activeElement as HTMLElement)
    const steps: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      Home: 0,
      End: options.length - 1,
    }
    const step = steps[event.key]
    if (step !== undefined) options[Math.max(0, Math.min(options.length - 1, step))]?.focus()
    else if (event.key === 'Enter' || event.key === ' ') options[current]?.click()
    else if (event.key === 'Escape') {
      this.close()
      this.button.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
}
