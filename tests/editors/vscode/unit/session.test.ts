/** Conversations against a server that a test plays. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KeptConversation, KeptTurn, Requests, TurnEvent } from '../../../../editor-clients/vscode/src/protocol.ts'
import { branch, Conversation } from '../../../../editor-clients/vscode/src/session/conversation.ts'
import { ChatSession, type Server, type SessionChange } from '../../../../editor-clients/vscode/src/session/session.ts'

/** Answers prompts by saying them back in two pieces, in one message. */
class Echo implements Server {
  readonly requests: [string, Record<string, unknown>][] = []
  private readonly takers = new Map<string, (events: TurnEvent[]) => void>()
  gone = false

  async request<M extends keyof Requests>(method: M, params: Requests[M][0]): Promise<Requests[M][1]> {
    const given = params as Record<string, unknown>
    this.requests.push([method, given])
    if (this.gone) throw new Error('The server has ended.')
    if (method === 'dragoman/conversation') return KEPT as Requests[M][1]
    const turnId = (given['newTurnId'] ?? given['turnId']) as string
    const text = String(given['prompt'] ?? 'again')
    const events = [
      { kind: 'start', conversationId: 'c', agent: 'Bot' },
      { kind: 'text', delta: 'You: ', offset: 0 },
      { kind: 'text', delta: text, offset: 5 },
    ]
    this.takers.get(turnId)?.(events.map((event, seq) => ({ ...event, turnId, seq }) as TurnEvent))
    const result = {
      turnId,
      conversationId: 'c',
      agent: 'Bot',
      stopReason: 'completed',
      textLength: text.length + 5,
      incomplete: false,
      timings: { totalMs: 1 },
    }
    return result as Requests[M][1]
  }

  listen(token: string, take: (events: TurnEvent[]) => void): () => void {
    this.takers.set(token, take)
    return () => this.takers.delete(token)
  }
}

const kept = (turnId: string, parentId?: string): KeptTurn => ({
  turnId,
  agent: 'Bot',
  at: '',
  prompt: `p${turnId}`,
  text: `t${turnId}`,
  incomplete: false,
  ...(parentId && { parentId }),
})
const KEPT: KeptConversation = {
  conversationId: 'old',
  title: 'Old',
  headTurnId: '4',
  turns: [kept('1'), kept('2', '1'), kept('3', '2'), kept('4', '1')],
}

test('a prompt begins a conversation, the next one goes on with it', async () => {
  const server = new Echo()
  const session = new ChatSession(server)
  const conversation = session.create()
  await session.ask(conversation, { agent: 'Bot', prompt: 'one' })
  await session.ask(conversation, { agent: 'Bot', prompt: 'two' })
  assert.deepEqual(
    conversation.turns.map(({ text, isDone }) => [text, isDone]),
    [
      ['You: one', true],
      ['You: two', true],
    ],
  )
  assert.equal(conversation.title, 'one')
  assert.deepEqual(
    server.requests.map(([, params]) => params['conversationId']),
    [undefined, 'c'],
  )
})

test('the pieces of one message are told at once', async () => {
  const session = new ChatSession(new Echo())
  const changes: SessionChange[] = []
  session.onChange((change) => changes.push(change))
  await session.ask(session.create(), { agent: 'Bot', prompt: 'one' })
  assert.deepEqual(
    changes.map((change) => (change.kind === 'grown' ? change.text : change.kind)),
    ['conversation', 'turn', 'You: one', 'turn'],
  )
})

test('nothing is sent along but what is attached', async () => {
  const server = new Echo()
  const session = new ChatSession(server)
  await session.ask(session.create(), {
    agent: 'Bot',
    prompt: 'p',
    attachments: [{ label: 'a.py', item: { kind: 'file', uri: 'file:///a.py' } }],
  })
  await session.ask(session.create(), { agent: 'Bot', prompt: 'p' })
  assert.deepEqual(
    server.requests.map(([, params]) => params['context']),
    [[{ kind: 'file', uri: 'file:///a.py' }], undefined],
  )
})

test('a turn that is asked again takes the place of what followed', async () => {
  const server = new Echo()
  const session = new ChatSession(server)
  const conversation = session.create()
  const first = await session.ask(conversation, { agent: 'Bot', prompt: 'one' })
  await session.ask(conversation, { agent: 'Bot', prompt: 'two' })
  const again = await session.retry(conversation, first.id)
  assert.deepEqual(conversation.turns, [again])
  assert.deepEqual([again.prompt, again.text], ['one', 'You: again'])
  assert.equal(server.requests.at(-1)?.[1]['turnId'], first.id)
})

test('a server that ends ends its turns, and one that is gone is an error', async () => {
  const server = new Echo()
  const session = new ChatSession(server)
  const conversation = session.create()
  session.adopt(conversation, 'foreign', 'Bot')
  session.serverEnded('The server has ended.')
  assert.equal(conversation.turns[0]?.error?.message, 'The server has ended.')
  server.gone = true
  assert.equal((await session.ask(conversation, { agent: 'Bot', prompt: 'p' })).error?.message, 'The server has ended.')
})

test("a turn of the server's is taken once, and ended by its event", () => {
  const session = new ChatSession(new Echo())
  const conversation = session.create()
  session.adopt(conversation, 'x', 'Bot', { prompt: 'explain' })
  session.adopt(session.create(), 'x', 'Bot')
  session.take({ turnId: 'x', seq: 0, kind: 'start', conversationId: 'c9', agent: 'Bot' })
  session.take({ turnId: 'x', seq: 1, kind: 'text', delta: 'ok', offset: 0 })
  const result = {
    turnId: 'x',
    conversationId: 'c9',
    agent: 'Bot',
    stopReason: 'completed',
    textLength: 2,
    incomplete: false,
    timings: { totalMs: 1 },
  } as const
  session.take({ turnId: 'x', seq: 2, kind: 'end', result })
  assert.deepEqual([conversation.id, conversation.turns[0]?.text, conversation.running], ['c9', 'ok', undefined])
})

test('of a kept conversation the newest branch is shown, and goes on from its end', async () => {
  assert.deepEqual(
    branch(KEPT).map(({ turnId }) => turnId),
    ['1', '4'],
  )
  const server = new Echo()
  const session = new ChatSession(server)
  const conversation = await session.open('old')
  assert.ok(conversation instanceof Conversation)
  await session.ask(conversation, { agent: 'Bot', prompt: 'go on' })
  assert.equal(server.requests.at(-1)?.[1]['afterTurnId'], '4')
  await session.ask(conversation, { agent: 'Bot', prompt: 'and on' })
  assert.equal(server.requests.at(-1)?.[1]['afterTurnId'], undefined)
  assert.deepEqual(
    conversation.turns.map(({ prompt }) => prompt),
    ['p1', 'p4', 'go on', 'and on'],
  )
})
