/** What the extension does inside VS Code: agent files, selections, turns, the server's end. */

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Agent, gate } from './agent.ts'
import { Studio, until } from './studio.ts'

const BROKEN = `[
  // comments are allowed
  {"name": "Broken", "url": "http://127.0.0.1:9/", "interactiv": "ChatPanel"}
]
`
let agent: Agent
let studio: Studio

before(async () => {
  agent = await new Agent().start()
  studio = await Studio.start({
    agents: [agent.describe('Bot')],
    files: { 'agents.json': BROKEN, 'app.py': 'def f():\n    return "ä😀"\n' },
  })
})
after(async () => {
  await studio?.stop()
  agent?.stop()
})

/** Asks in a new conversation; resolves with the turn when it has ended. */
async function ask(prompt: string): Promise<{ text: string; notes: string[]; error?: string }> {
  return studio.inHost(async ({ session }, prompt) => {
    const turn = await session.ask(session.create(), { agent: 'Bot', prompt })
    return {
      text: turn.text,
      notes: turn.notes.map((note) => note.message),
      ...(turn.error && { error: turn.error.message }),
    }
  }, prompt)
}

test('an agent file is checked as it is written', async () => {
  const found = await studio.untilInHost(async ({ vscode }, path) => {
    const document = await vscode.workspace.openTextDocument(path)
    await vscode.window.showTextDocument(document)
    const found = vscode.languages
      .getDiagnostics(document.uri)
      .find(({ source, message }) => source === 'dragoman' && message.includes('interactiv'))
    return found && [found.message, found.range.start.line]
  }, studio.path('agents.json'))
  assert.equal(found?.[1], 2)
})

test('an agent file may have comments', async () => {
  const language = await studio.inHost(
    async ({ vscode }, path) => (await vscode.workspace.openTextDocument(path)).languageId,
    studio.path('agents.json'),
  )
  assert.equal(language, 'jsonc')
})

test('keys are completed', async () => {
  const labels = await studio.untilInHost(async ({ vscode }, path) => {
    const uri = vscode.Uri.file(path)
    const list = await vscode.commands.executeCommand<import('vscode').CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      new vscode.Position(2, 3),
    )
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label))
    return labels.some((label) => label.includes('connector')) && labels
  }, studio.path('agents.json'))
  assert.ok(labels)
})

test('a quick fix mends a wrong key', async () => {
  const text = await studio.untilInHost(async ({ vscode }, path) => {
    const document = await vscode.workspace.openTextDocument(path)
    const range = vscode.languages
      .getDiagnostics(document.uri)
      .find(({ message }) => message.includes('interactiv'))?.range
    const actions = await vscode.commands.executeCommand<import('vscode').CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    )
    const fix = actions.find(({ title, edit }) => edit && title.includes('interactive'))
    if (!fix?.edit) return ''
    await vscode.workspace.applyEdit(fix.edit)
    return document.getText()
  }, studio.path('agents.json'))
  assert.match(text, /"interactive": "ChatPanel"/)
})

test('a code action asks about a selection', async () => {
  const title = await studio.untilInHost(async ({ vscode, chat }, path) => {
    const document = await vscode.workspace.openTextDocument(path)
    await vscode.window.showTextDocument(document)
    const range = new vscode.Range(1, 11, 1, 16)
    const actions = await vscode.commands.executeCommand<import('vscode').CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    )
    const action = actions.find(({ title }) => title === 'Ask Bot: explain')
    if (!action?.command) return ''
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []))
    return chat.conversation.title
  }, studio.path('app.py'))
  assert.equal(title, 'Explain this code.')
  const shown = await studio.untilInHost(({ chat }) => {
    const turn = chat.conversation.turns.at(-1)
    return turn?.isDone && [turn.prompt, turn.context[0]?.label, turn.text]
  })
  assert.deepEqual(shown, ['Explain this code.', 'app.py 2', `You said: ${agent.asked.at(-1)?.prompt}`])
  assert.equal(agent.asked.at(-1)?.prompt, 'Explain this code.\n\napp.py, line 2:\n\n```python\n"ä😀"\n```')
})

test('an answer is gathered, and a second turn goes on from it', async () => {
  const texts = await studio.inHost(async ({ session }) => {
    const conversation = session.create()
    const first = await session.ask(conversation, { agent: 'Bot', prompt: 'one' })
    const second = await session.ask(conversation, { agent: 'Bot', prompt: 'two' })
    return [first.text, second.text, conversation.title]
  })
  assert.deepEqual(texts, ['You said: one', 'You said: two', 'one'])
  assert.deepEqual(agent.asked.at(-1)?.messages, ['one', 'You said: one', 'two'])
})

test('a turn that is asked again takes its own place', async () => {
  const prompts = await studio.inHost(async ({ session }) => {
    const conversation = session.create()
    await session.ask(conversation, { agent: 'Bot', prompt: 'one' })
    const second = await session.ask(conversation, { agent: 'Bot', prompt: 'two' })
    await session.ask(conversation, { agent: 'Bot', prompt: 'three' })
    await session.retry(conversation, second.id, { prompt: 'other' })
    return conversation.turns.map((turn) => turn.prompt)
  })
  assert.deepEqual(prompts, ['one', 'other'])
  assert.deepEqual(agent.asked.at(-1)?.messages, ['one', 'You said: one', 'other'])
})

test('an answer can be stopped, and what was there stays', async () => {
  const { open, opened } = gate()
  agent.play = () => ['half an ', opened, 'answer']
  const asking = ask('stop me')
  await studio.untilInHost(({ session }) => session.conversations.at(-1)?.running?.text === 'half an ')
  await studio.inHost(({ session }) => session.stop(session.conversations.at(-1)!))
  const turn = await asking
  open()
  agent.play = (prompt) => [`You said: ${prompt}`]
  assert.deepEqual(turn, { text: 'half an ', notes: ['Stopped.'] })
  await until(() => agent.hangUps === 1, 'the end of the connection')
})

test('an error is a sentence and never an exception', async () => {
  agent.play = () => ({ status: 402, body: { error: { message: 'quota' } } })
  const turn = await ask('please')
  agent.play = (prompt) => [`You said: ${prompt}`]
  assert.match(turn.error ?? '', /“Bot” says that the usage limit is reached/)
})

test("the editor's own chat asks by @dragoman, and goes on", async () => {
  await studio.command('dragoman.openEditorChat')
  await studio.page.keyboard.type('what now')
  await studio.page.keyboard.press('Enter')
  await studio.page.getByRole('list', { name: 'Chat' }).getByText('You said: what now').waitFor()
  await studio.page.keyboard.type('and **then**')
  await studio.page.keyboard.press('Enter')
  await studio.page.getByRole('list', { name: 'Chat' }).getByText('You said: and then').waitFor()
  assert.deepEqual(agent.asked.at(-1)?.messages, ['what now', 'You said: what now', 'and **then**'])
})

test('a chat can be a file', async () => {
  await studio.command('dragoman.newChatFile')
  await studio.untilInHost(({ vscode }) => vscode.window.activeTextEditor?.document.fileName.endsWith('.chat.md'))
})

test('a server that is killed comes back, and the conversation is still there', async () => {
  const { open, opened } = gate()
  agent.play = () => ['before ', opened]
  const turn = studio.inHost(async ({ session }) => {
    const conversation = session.create()
    const turn = await session.ask(conversation, { agent: 'Bot', prompt: 'first' })
    return [turn.text, turn.error?.message]
  })
  await studio.untilInHost(async ({ session, server }) => {
    const conversationId = session.conversations.at(-1)?.id
    const kept =
      conversationId && (await server.request('dragoman/conversation', { conversationId }).catch(() => undefined))
    return kept && kept.turns.at(-1)?.text === 'before '
  })
  await studio.killServer()
  const [text, message] = await turn
  open()
  agent.play = (prompt) => [`You said: ${prompt}`]
  assert.equal(text, 'before ')
  assert.match(message ?? '', /server has ended/)
  const again = await studio.inHost(async ({ session }) => {
    const conversation = session.conversations.at(-1)!
    const turn = await session.ask(conversation, { agent: 'Bot', prompt: 'second' })
    return [turn.text, conversation.turns.length]
  })
  assert.deepEqual(again, ['You said: second', 2])
  assert.deepEqual(agent.asked.at(-1)?.messages, ['first', 'before ', 'second'])
})
