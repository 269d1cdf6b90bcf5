/** The small parts: Markdown, colours, ranges that move, where the server is. */

import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cards } from '../../../../editor-clients/vscode/src/agents/agents.ts'
import { moved } from '../../../../editor-clients/vscode/src/chat/moving.ts'
import type { AgentInfo } from '../../../../editor-clients/vscode/src/protocol.ts'
import { findServer } from '../../../../editor-clients/vscode/src/server/find.ts'
import { highlight } from '../../../../editor-clients/vscode/src/webview/highlight.ts'
import { blocks, clean, render } from '../../../../editor-clients/vscode/src/webview/markdown.ts'

const html = (text: string) =>
  blocks(text, {})
    .map((block) => render(block, {}))
    .join('')

test('HTML is text, and only http leads anywhere', () => {
  assert.equal(html('<b>x</b>'), '<p>&lt;b&gt;x&lt;/b&gt;</p>\n')
  for (const address of [
    'command:x',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///x',
    'vscode:x',
    '//x.example',
  ]) {
    assert.ok(!html(`[a](${address})`).includes('<a'), address)
  }
  assert.equal(html('[a](https://x.example)'), '<p><a href="https://x.example">a</a></p>\n')
})

test('a picture is a link', () => {
  assert.equal(
    html('![seen "it"](https://x.example/a.png)'),
    '<p><a href="https://x.example/a.png" title="https://x.example/a.png">seen &quot;it&quot;</a></p>\n',
  )
})

test('an address in a text is a link, without what belongs to the sentence', () => {
  const cases: [text: string, link: string | undefined][] = [
    ['see https://x.example/a.', 'https://x.example/a'],
    ['(see https://x.example/a_(b)).', 'https://x.example/a_(b)'],
    ['HTTP://x.example/?q=1&r=[2], and', 'HTTP://x.example/?q=1&amp;r=%5B2%5D'],
    ['**https://x.example/**', 'https://x.example/'],
    ['"https://x.example/ä"', 'https://x.example/%C3%A4'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://[::1]:8080/x', 'https://[::1]:8080/x'],
    ['`https://x.example`', undefined],
    ['www.x.example, me@x.example, ftp://x.example, xhttps://x.example, https://', undefined],
  ]
  for (const [text, link] of cases) assert.equal(/href="(.*?)"/.exec(html(text))?.[1], link, text)
})

test('a text falls into blocks that stand by themselves', () => {
  const text = 'one\n\n- a\n- b\n\n```py\nx\n```\n\n> q\n'
  assert.deepEqual(
    blocks(text, {}).map(({ line, tokens }) => [line, tokens[0]?.type]),
    [
      [0, 'paragraph_open'],
      [2, 'bullet_list_open'],
      [5, 'fence'],
      [9, 'blockquote_open'],
    ],
  )
})

test("terminals' codes vanish, and what turns text around is seen", () => {
  assert.equal(clean('\u001b[1;31mred\u001b[0m\u0007 a\u202eb\ttab\n'), 'red a⟨U+202E⟩b\ttab\n')
  assert.equal(clean('\u001b]8;;http://x\u0007link\u001b]8;;\u0007'), 'link')
})

test('colours leave the code as it is', () => {
  const code = 'def f(a): # "no string"\n  return "a # b", 0x1F\n'
  const pieces = highlight(code, 'python')
  assert.equal(pieces.map(({ text }) => text).join(''), code)
  const kinds = pieces.filter(({ kind }) => kind).map(({ text, kind }) => `${kind}:${text}`)
  assert.deepEqual(kinds, [
    'keyword:def',
    'call:f',
    'comment:# "no string"',
    'keyword:return',
    'string:"a # b"',
    'number:0x1F',
  ])
  assert.deepEqual(highlight('plain if', ''), [{ text: 'plain if' }])
})

test('a range moves with its text', () => {
  const at = (line: number, character: number) => ({ line, character })
  const range = { start: at(2, 4), end: at(3, 5) }
  const change = (a: [number, number], b: [number, number], text: string) =>
    moved(range, { range: { start: at(...a), end: at(...b) }, text })
  assert.deepEqual(change([0, 0], [0, 0], 'x\ny\n'), { start: at(4, 4), end: at(5, 5) })
  assert.deepEqual(change([2, 0], [2, 2], ''), { start: at(2, 2), end: at(3, 5) })
  assert.deepEqual(change([2, 6], [2, 6], '\n'), { start: at(2, 4), end: at(4, 5) })
  assert.deepEqual(change([3, 5], [3, 5], 'behind'), range)
  assert.deepEqual(change([2, 4], [2, 4], 'before'), { start: at(2, 10), end: at(3, 5) })
  assert.deepEqual(change([0, 0], [9, 0], ''), { start: at(0, 0), end: at(0, 0) })
})

test('agents that cannot be asked come last, with the reason', () => {
  const agent = (name: string, more: Partial<AgentInfo>) =>
    ({
      name,
      description: '',
      provider: 'custom',
      url: 'x.example',
      enabled: true,
      state: 'ok',
      problems: [],
      trusted: true,
      location: {},
      ...more,
    }) as AgentInfo
  const shown = cards([
    agent('A', { state: 'error', problems: ['no url'] }),
    agent('B', { enabled: false }),
    agent('C', { state: 'warning' }),
  ])
  assert.deepEqual(
    shown.map(({ name, state, obstacle }) => [name, state, obstacle]),
    [
      ['C', 'warning', undefined],
      ['A', 'error', 'no url'],
      ['B', 'error', 'it is switched off ("enabled": false).'],
    ],
  )
})

test('the server is what the settings say, else that of the workspace, else the one on the path', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-find-'))
  t.after(() => rm(folder, { recursive: true }))
  const place = async (...parts: string[]) => {
    const path = join(folder, ...parts, 'dragoman')
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, '')
    await chmod(path, 0o755)
    return path
  }
  const onPath = await place('bin')
  const environment = { PATH: join(folder, 'bin') }
  assert.deepEqual(await findServer({ command: ['uvx', 'dragoman', 'serve'], folders: [folder], environment }), {
    program: 'uvx',
    arguments: ['dragoman', 'serve'],
  })
  assert.deepEqual(await findServer({ command: [], folders: [folder], environment }), {
    program: onPath,
    arguments: ['serve'],
  })
  const own = await place('.venv', 'bin')
  assert.deepEqual(await findServer({ command: [], folders: [folder], environment }), {
    program: own,
    arguments: ['serve'],
  })
  assert.deepEqual(await findServer({ command: [], folders: [], environment }), {
    program: onPath,
    arguments: ['serve'],
  })
})
