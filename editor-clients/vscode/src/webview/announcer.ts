/** Tells a screen reader what an answer says, in whole sentences: half words that come and go could not be followed. */

import type { Turn } from '../session/turn.ts'
import { h } from './dom.ts'

const MOST_SENTENCES = 30
const SENTENCE = /^[\s\S]*?(?:[.!?:…]["')\]]*(?=\s)|\n)/

export class Announcer {
  readonly element = h('div', { class: 'announcer', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false' })
  private pending = ''

  add(text: string): void {
    this.pending += text
    for (let match = SENTENCE.exec(this.pending); match; match = SENTENCE.exec(this.pending)) {
      this.say(match[0])
      this.pending = this.pending.slice(match[0].length)
    }
  }

  end(turn: Turn): void {
    this.say(this.pending)
    this.pending = ''
    if (!turn.error) this.say(turn.notes.at(-1)?.message ?? `${turn.agent} has answered.`) // an error is an alert of its own
  }

  private say(text: string): void {
    const said = text.trim()
    if (said === '') return
    this.element.append(h('p', { text: said }))
    while (this.element.childElementCount > MOST_SENTENCES) this.element.firstElementChild?.remove()
  }
}
