/** From events to what is seen: what real agents seldom send, handed in by hand. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TurnEvent, TurnResult } from '../../../../editor-clients/vscode/src/protocol.ts'
import { figures, TurnGatherer } from '../../../../editor-clients/vscode/src/session/turn.ts'

/** An event without what all of them have. */
type Sent = {
  [K in TurnEvent['kind']]: Omit<Extract<TurnEvent, { kind: K }>, 'turnId' | 'seq' | 'offset'>
}[TurnEvent['kind']]

function play(events: Sent[], result: Partial<TurnResult> = {}, clock = () => 0) {
  const gatherer = new TurnGatherer('t', 'Bot', {}, clock)
  events.forEach((event, seq) => gatherer.take({ ...event, turnId: 't', seq, offset: 0 } as TurnEvent))
  const textLength = gatherer.turn.text.length
  gatherer.finish({
    turnId: 't',
    conversationId: 'c',
    agent: 'Bot',
    stopReason: 'completed',
    incomplete: false,
    timings: { totalMs: 1 },
    textLength,
    ...result,
  })
  return gatherer.turn
}

const text = (delta: string): Sent => ({ kind: 'text', delta })

test('texts are put together, and a later one can replace them', () => {
  assert.equal(play([text('a'), text('😀')]).text, 'a😀')
  assert.equal(play([text('wrong'), { kind: 'replaceText', text: 'right' }, text('!')]).text, 'right!')
})

test('text that got lost is told', () => {
  assert.deepEqual(play([text('a')], { textLength: 3 }).notes, [
    { level: 'warning', message: 'Only 1 of 3 characters have arrived here. Ask again.' },
  ])
})

test('a gap in the numbers is told, though the length fits', () => {
  const gatherer = new TurnGatherer('t', 'Bot')
  gatherer.take({ turnId: 't', seq: 0, kind: 'text', delta: 'a', offset: 0 })
  gatherer.take({ turnId: 't', seq: 2, kind: 'text', delta: 'b', offset: 1 })
  gatherer.finish({
    turnId: 't',
    conversationId: 'c',
    agent: 'Bot',
    stopReason: 'completed',
    incomplete: false,
    timings: { totalMs: 1 },
    textLength: 2,
  })
  assert.match(gatherer.turn.notes[0]?.message ?? '', /was lost/)
})

test('what comes twice, or after the end, changes nothing', () => {
  const gatherer = new TurnGatherer('t', 'Bot')
  const event: TurnEvent = { turnId: 't', seq: 0, kind: 'text', delta: 'a', offset: 0 }
  gatherer.take(event)
  assert.equal(gatherer.take(event), 'nothing')
  gatherer.fail('gone')
  assert.equal(gatherer.take({ ...event, seq: 1 }), 'nothing')
  gatherer.fail('again')
  assert.deepEqual([gatherer.turn.text, gatherer.turn.error?.message], ['a', 'gone'])
})

test('kinds that a newer server may send are let pass', () => {
  assert.equal(play([{ kind: 'hologram' } as unknown as Sent, text('a')]).text, 'a')
})

test('thinking ends where the text begins', () => {
  let now = 0
  const turn = play(
    [{ kind: 'reasoning', delta: 'so ' }, { kind: 'reasoning', delta: 'what' }, text('yes')],
    {},
    () => (now += 1000),
  )
  assert.deepEqual([turn.reasoning, turn.text, turn.thoughtMs! > 0], ['so what', 'yes', true])
})

test('only growth at the end is told as growth', () => {
  const gatherer = new TurnGatherer('t', 'Bot')
  const take = (event: Sent, seq: number) => gatherer.take({ ...event, turnId: 't', seq, offset: 0 } as TurnEvent)
  assert.deepEqual(take(text('a'), 0), { text: 'a' })
  assert.equal(take({ kind: 'reasoning', delta: 'b' }, 1), 'turn')
  assert.deepEqual(take({ kind: 'reasoning', delta: 'c' }, 2), { reasoning: 'c' })
  assert.equal(take(text('d'), 3), 'turn')
  assert.equal(take({ kind: 'usage', total: 3 }, 4), 'nothing')
})

test('sources, follow-ups and notices are gathered; those of the result win', () => {
  const sent: Sent[] = [
    { kind: 'source', title: 'A', uri: 'https://a' },
    { kind: 'followUp', prompts: ['Why?'] },
    { kind: 'notice', level: 'warning', code: 'x', message: 'mind the gap' },
  ]
  const turn = play(sent)
  assert.deepEqual(
    [turn.sources, turn.followUps, turn.notes],
    [[{ title: 'A', uri: 'https://a' }], ['Why?'], [{ level: 'warning', message: 'mind the gap' }]],
  )
  assert.deepEqual(play(sent, { sources: [{ uri: 'https://b' }] }).sources, [{ uri: 'https://b' }])
})

test('how it ended is told', () => {
  for (const [stopReason, told] of [
    ['cancelled', /^Stopped/],
    ['max_tokens', /limit of tokens/],
    ['refused', /refuses/],
  ] as const) {
    assert.match(play([], { stopReason }).notes[0]?.message ?? '', told)
  }
})

test('figures name what is known', () => {
  assert.equal(
    figures({ timings: { firstByteMs: 2149 }, usage: { total: 412, cost: 0.0012894, currency: 'USD' } }),
    '2.1 s · 412 tokens · 0.001289 USD',
  )
  assert.equal(figures({ usage: { cost: 2 } }), 'cost 2')
  assert.equal(figures({ usage: { input: 1 } }), '')
})
