/** What stands there before anything was asked: the agents, and what to try. */

import type { AgentCard, ViewCommand, ViewState } from '../chat/messages.ts'
import { h } from './dom.ts'
import { send } from './host.ts'

/** What may be asked, and what is then put beside it to be sent along, if there is such. */
const TRIES: { prompt: string; attach: 'selection' | 'file' }[] = [
  { prompt: 'Explain how this file works.', attach: 'file' },
  { prompt: 'What could go wrong here?', attach: 'file' },
  { prompt: 'Write a test for the selection.', attach: 'selection' },
]

export function welcome(state: ViewState, suggest: (prompt: string) => void): HTMLElement {
  const { agents, server } = state
  if (server === 'missing')
    return without('The server of Dragoman was not found.', [['dragoman.restartServer', 'Look again']])
  if (server === 'stopped') return without('The server does not run.', [['dragoman.restartServer', 'Start it']])
  if (agents === undefined) return h('div', { class: 'welcome' }, h('p', { text: 'Looking for agents …' }))
  if (!agents.some((agent) => agent.obstacle === undefined)) {
    return without(
      'No agent can be asked here yet. An agent is a few lines of JSON.',
      [
        ['dragoman.createAgent', 'Create an agent'],
        ['dragoman.importCurl', 'From a curl command'],
        ['dragoman.tryExample', 'Try the example agent'],
      ],
      agents,
    )
  }
  const tries = TRIES.map(({ prompt, attach }) => {
    const onclick = () => {
      send({ type: 'attach', what: attach })
      suggest(prompt)
    }
    return h('button', { class: 'follow-up', onclick }, `▹ ${prompt}`)
  })
  return h(
    'div',
    { class: 'welcome' },
    h('p', { text: 'Ask an agent, about anything or about what you select.' }),
    cardList(agents, state.agent),
    h('div', { class: 'follow-ups' }, ...tries),
  )
}

function without(sentence: string, commands: [ViewCommand, string][], agents: readonly AgentCard[] = []): HTMLElement {
  const buttons = commands.map(([command, title], index) =>
    h('button', { class: index === 0 ? 'primary' : 'secondary', onclick: () => send({ type: 'run', command }) }, title),
  )
  return h(
    'div',
    { class: 'welcome' },
    h('p', { text: sentence }),
    h('div', { class: 'column' }, ...buttons),
    cardList(agents, undefined),
  )
}

function cardList(agents: readonly AgentCard[], chosen: string | undefined): HTMLElement {
  return h(
    'div',
    { class: 'cards', role: 'group', 'aria-label': 'Agents' },
    ...agents.map((agent) => card(agent, agent.name === chosen)),
  )
}

function card({ name, description, provider, state, obstacle }: AgentCard, isChosen: boolean): HTMLElement {
  const about = obstacle === undefined ? description : `cannot be asked: ${obstacle}`
  return h(
    'button',
    {
      class: 'card',
      disabled: obstacle !== undefined,
      'aria-pressed': String(isChosen),
      onclick: () => send({ type: 'agent', name }),
    },
    h('span', { class: `dot ${state}` }),
    h(
      'span',
      { class: 'what' },
      h('span', { class: 'name' }, name, h('span', { class: 'provider', text: provider })),
      h('span', { class: 'about', text: about }),
    ),
  )
}
