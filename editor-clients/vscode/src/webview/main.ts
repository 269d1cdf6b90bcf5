/** The page of the chat view: shows the state that the extension keeps, and tells it what the user does. */

import './style.css'
import type { Question, ToView, ViewState } from '../chat/messages.ts'
import type { Turn } from '../session/turn.ts'
import { Composer } from './composer.ts'
import { Conversations } from './conversations.ts'
import { h } from './dom.ts'
import { send } from './host.ts'
import { questionCard } from './question.ts'
import { Transcript } from './transcript.ts'
import { welcome } from './welcome.ts'

let state: ViewState = { turns: [], server: 'starting', chips: [], offers: {}, questions: [] }

const composer = new Composer()
const suggest = (prompt: string) => composer.focus(prompt)
const transcript = new Transcript({ edit: (turn) => composer.edit(turn), suggest })
const conversations = new Conversations(() => composer.focus())
const questions = h('div', { class: 'questions' })

document.getElementById('app')?.append(transcript.element, conversations.element, questions, composer.element)

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => receive(data))
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && state.turns.some((turn) => !turn.isDone)) send({ type: 'stop' })
})
send({ type: 'ready' })

function receive(message: ToView): void {
  switch (message.type) {
    case 'state':
      composer.setDraft(message.draft)
      return take(message.state, true)
    case 'update':
      return take(message.state, message.state.turns !== undefined)
    case 'turn':
      return takeTurn(message.turn)
    case 'grown':
      return transcript.grow(message.turnId, message.text, message.reasoning)
    case 'conversations':
      return conversations.show(message.items, message.query, message.current)
    case 'focus':
      conversations.close()
      return composer.focus(message.text)
    case 'propose':
      return composer.propose(message.text)
  }
}

function take(changes: Partial<ViewState>, hasOtherTurns: boolean): void {
  state = { ...state, ...changes }
  if (hasOtherTurns || state.turns.length === 0) transcript.show(state.turns, welcome(state, suggest))
  if (changes.questions) showQuestions(changes.questions)
  composer.show(state)
}

function showQuestions(asked: readonly Question[]): void {
  const hadFocus = questions.contains(document.activeElement)
  const isWaiting = state.turns.some((turn) => !turn.isDone)
  questions.replaceChildren(...asked.map(questionCard))
  transcript.setWaitedFor(asked.length > 0)
  // Not one of its buttons: whoever is typing must not allow something by a space.
  if (isWaiting) questions.querySelector<HTMLElement>('.question')?.focus()
  if (hadFocus && asked.length === 0) composer.focus()
}

function takeTurn(turn: Turn): void {
  const turns = state.turns.map((each) => (each.id === turn.id ? turn : each))
  state = { ...state, turns }
  transcript.update(turn)
  composer.show(state)
}
