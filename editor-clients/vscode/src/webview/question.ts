/** A question of the server, as a card: whether an agent that comes with the workspace may be asked. */

import type { Question } from '../chat/messages.ts'
import { h } from './dom.ts'
import { send } from './host.ts'

export function questionCard({ id, lines, options }: Question): HTMLElement {
  const [title, ...rest] = lines
  const answers = options.map((value, index) =>
    h(
      'button',
      { class: index === 0 ? 'primary' : 'secondary', onclick: () => send({ type: 'answer', id, value }) },
      value,
    ),
  )
  const notNow = h('button', { class: 'secondary', onclick: () => send({ type: 'answer', id }) }, 'Not now')
  const open = h('button', { class: 'link', onclick: () => send({ type: 'openConfig', id }) }, 'Open the config')
  const card = h(
    'div',
    { class: 'question', role: 'alertdialog', 'aria-label': title ?? '' },
    h('p', { class: 'title', text: title ?? '' }),
    h('dl', {}, ...rest.filter((line) => line !== '').flatMap(facts)),
    h('div', { class: 'row' }, ...answers, notNow, open),
  )
  card.tabIndex = -1
  return card
}

function facts(line: string): HTMLElement[] {
  const [name, ...value] = line.split(': ')
  return value.length > 0
    ? [h('dt', { text: name ?? '' }), h('dd', { text: value.join(': ') })]
    : [h('dd', { text: line })]
}
