/** What a person sees and does in the chat view. The pictures of docs/ are made here. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import type { FrameLocator, Locator } from 'playwright-core'
import { Agent, gate } from './agent.ts'
import { ROOT } from './machine.ts'
import { Studio, until } from './studio.ts'

const APP = `import json


def read(path):
    with open(path) as file:
        return json.load(file)


print(read("settings.json"))
`
const ANSWER = `\`read\` opens a file and gives what its **JSON** stands for. Two things could go wrong:

1. The file may not be UTF-8 on every machine.
2. A file that is missing ends the program.

\`\`\`python
def read(path):
    """The settings in a file, or none."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}
\`\`\`

See [the manual](https://docs.example.com/json) for the rest.`

const QUESTION = `---
agent: Docs bot
---

## You

What could go wrong in @app.py#L4-L6?
`

let agent: Agent
let studio: Studio
let chat: FrameLocator

before(async () => {
  agent = await new Agent().start()
  studio = await Studio.start({
    agents: [
      agent.describe('Docs bot', { description: 'Answers from the documentation' }),
      agent.describe('Reviewer', { description: 'Reads code', enabled: false }),
    ],
    files: { 'app.py': APP },
  })
  chat = await studio.chat()
})
after(async () => {
  await studio?.stop()
  agent?.stop()
})
beforeEach(async () => {
  agent.play = (prompt) => [`You said: ${prompt}`]
  await studio.command('dragoman.newConversation')
  await chat.locator('.welcome').waitFor()
})

/** Sends a prompt as a user does. */
async function ask(prompt: string): Promise<void> {
  await chat.locator('textarea').fill(prompt)
  await chat.locator('textarea').press('Enter')
  await chat.locator('.turn').last().locator('.prompt').filter({ hasText: prompt }).waitFor()
}

/** Waits until nothing streams any more. */
async function answered(): Promise<void> {
  await chat.locator('.turn:not(.running)').last().waitFor()
  await chat.locator('.submit.stop').waitFor({ state: 'detached' })
}

/** A text in the transcript. */
function seen(text: string): Locator {
  return chat.locator('.log').getByText(text)
}

/** Takes a picture; with DRAGOMAN_PICTURES set it becomes that of docs/. */
async function picture(name: string, theme: string): Promise<void> {
  await studio.inHost(async ({ vscode }, theme) => {
    await vscode.workspace.getConfiguration('workbench').update('colorTheme', theme, vscode.ConfigurationTarget.Global)
  }, theme)
  const isDark = theme.includes('Dark')
  await studio.page.locator(`.monaco-workbench.${isDark ? 'vs-dark' : 'vs'}`).waitFor()
  if (await chat.locator('body').isVisible())
    await chat.locator(isDark ? 'body.vscode-dark' : 'body.vscode-light').waitFor()
  await studio.page.mouse.move(900, 600)
  const folder = process.env.DRAGOMAN_PICTURES ? join(ROOT, 'docs') : studio.folder
  await studio.page.screenshot({ path: join(folder, name), animations: 'disabled', caret: 'hide' })
}

test('an empty chat shows the agents, and why one cannot be asked', async () => {
  await chat.locator('.card').nth(1).waitFor()
  assert.equal(await chat.locator('.card').count(), 2)
  assert.match(
    (await chat.locator('.card:disabled').textContent()) ?? '',
    /Reviewer.*cannot be asked: it is switched off/,
  )
})

test('an answer is seen while it streams, with what was sent along', async () => {
  const { open, opened } = gate()
  agent.play = () => [{ delta: { reasoning_content: 'What does the file do?' } }, ANSWER, opened, '\n\nThat is all.']
  await studio.inHost(async ({ vscode }, path) => {
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(path))
    editor.selection = new vscode.Selection(3, 0, 5, 30)
  }, studio.path('app.py'))
  await studio.page.mouse.move(900, 600)
  await chat.getByRole('button', { name: 'Send app.py 4–6 along' }).click()
  await ask('What could go wrong here?')
  await seen('for the rest').waitFor()
  assert.equal(await chat.locator('.asked .chip').textContent(), '▸ app.py 4–6')
  assert.match(
    agent.asked.at(-1)?.prompt ?? '',
    /^What could go wrong here\?\n\napp\.py, lines 4-6:\n\n```python\ndef read/,
  )
  assert.equal(await chat.locator('.chip.attached').count(), 0)
  await studio.page.setViewportSize({ width: 1120, height: 760 })
  await picture('vscode-dark.png', 'Default Dark Modern')
  open()
  await seen('That is all.').waitFor()
  await answered()
  await picture('vscode.png', 'Default Light Modern')
  assert.equal(await chat.locator('.code').count(), 1)
  assert.match((await chat.locator('.reasoning summary').textContent()) ?? '', /^Thought for \d+ s$/)
})

test('a chat document is asked and answered in the editor', async () => {
  agent.play = () => [ANSWER]
  await studio.command('workbench.action.closeSidebar')
  await studio.inHost(
    async ({ vscode }, [path, text]) => {
      await vscode.workspace.fs.writeFile(vscode.Uri.file(path!), new TextEncoder().encode(text))
      const document = await vscode.workspace.openTextDocument(path!)
      await vscode.window.showTextDocument(document)
      const textDocument = { uri: document.uri.toString() }
      await vscode.commands.executeCommand('dragoman.send', { textDocument, position: { line: 6, character: 0 } })
    },
    [studio.path('settings.chat.md'), QUESTION],
  )
  await studio.untilInHost(({ vscode }) => {
    const text = vscode.window.activeTextEditor?.document.getText() ?? ''
    return /for the rest\.\s+<!-- \/answer/.test(text) && text.includes('conversation: ')
  })
  assert.deepEqual(await studio.page.locator('.notification-toast').allInnerTexts(), [])
  await picture('vscode-chat-document.png', 'Default Light Modern')
  chat = await studio.chat()
})

test('Escape stops, and what was there stays', async () => {
  const { open, opened } = gate()
  agent.play = () => ['half an ', opened, 'answer']
  await ask('long')
  await seen('half an').waitFor()
  await chat.locator('textarea').press('Escape')
  await seen('Stopped.').waitFor()
  open()
  assert.equal((await chat.locator('.answer').textContent())?.trim(), 'half an')
})

test('the last prompt comes back by the arrow key, can be changed, and takes its own place', async () => {
  await ask('first')
  await answered()
  await chat.locator('textarea').press('ArrowUp')
  assert.equal(await chat.locator('textarea').inputValue(), 'first')
  await chat.locator('.asked').hover()
  await chat.getByRole('button', { name: 'Edit and go on from here' }).click()
  await ask('second')
  await seen('You said: second').waitFor()
  await answered()
  assert.deepEqual(await chat.locator('.prompt').allTextContents(), ['second'])
})

test('an error is one sentence with what can be done about it', async () => {
  agent.play = () => ({ status: 401, body: { error: { message: 'no token' } } })
  await ask('hello')
  const failure = chat.locator('.failure')
  await failure.waitFor()
  assert.match((await failure.locator('p').textContent()) ?? '', /Docs bot.*401/)
  await failure.getByRole('button', { name: 'Show in agents.json' }).click()
  await studio.untilInHost(({ vscode }) =>
    vscode.window.activeTextEditor?.document.fileName.endsWith('dragoman/agents.json'),
  )
  agent.play = () => ['now it works']
  await failure.getByRole('button', { name: 'Ask again' }).click()
  await seen('now it works').waitFor()
  assert.equal(await failure.count(), 0)
})

test('nothing that an agent writes runs, loads or leads anywhere but to http', async () => {
  agent.play = () => [
    '<script>document.body.id = "broken"</script> <img src=x onerror="document.body.id=1">\n\n',
    '[run](command:workbench.action.quit) [script](javascript:alert(1)) [file](file:///etc/passwd) [site](https://example.com)\n\n',
    '![picture](https://example.com/seen.png)\n\n\u001b[31mred\u001b[0m and \u202eturned',
  ]
  await ask('be evil')
  await answered()
  const answer = chat.locator('.answer')
  assert.deepEqual(await answer.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))), [
    'https://example.com',
    'https://example.com/seen.png',
  ])
  assert.equal(await answer.locator('script, img, iframe').count(), 0)
  assert.equal(await chat.locator('body').getAttribute('id'), null)
  const text = (await answer.textContent()) ?? ''
  assert.ok(text.includes('<script>') && text.includes('red and ⟨U+202E⟩turned') && !text.includes('[31m'))
})

test('a block of code that is never closed, in pieces, is a block of code', async () => {
  agent.play = () => ['before\n\n`', '``py', 'thon\nx = 1\n``', ' not the end\ny = 2\n', '``']
  await ask('cut')
  await answered()
  assert.equal(await chat.locator('.code code').textContent(), 'x = 1\n`` not the end\ny = 2\n``')
  assert.equal((await chat.locator('.code figcaption span').first().textContent()) ?? '', 'python')
})

test('a line of 1 MB is shown in part, and copied whole', async () => {
  const line = 'x'.repeat(1_000_000)
  agent.play = () => ['```\n', ...line.match(/.{1,50000}/g)!, '\n```\n\nafter']
  await ask('long line')
  await seen('after').waitFor()
  await answered()
  const code = chat.locator('.code code')
  assert.ok(((await code.textContent()) ?? '').length < 10_000)
  await chat.getByRole('button', { name: 'Copy this code' }).click()
  assert.equal(
    await studio.untilInHost(async ({ vscode }) => (await vscode.env.clipboard.readText()).length),
    1_000_000,
  )
  await chat.getByRole('button', { name: 'Show all (1.0 MB)' }).click()
  assert.equal((await code.textContent())?.length, 1_000_000)
})

test('code goes where the cursor is, or into a new file', async () => {
  await studio.inHost(async ({ vscode }, path) => {
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(path))
    editor.selection = new vscode.Selection(0, 0, 0, 0)
  }, studio.path('app.py'))
  agent.play = () => ['```python\nimport os\n```']
  await ask('code')
  await answered()
  await chat.getByRole('button', { name: /^Insert this code/ }).click()
  await studio.untilInHost(({ vscode }) =>
    vscode.window.activeTextEditor?.document.getText().startsWith('import osimport json'),
  )
  await chat.getByRole('button', { name: /^Compare this code/ }).click()
  await studio.untilInHost(
    ({ vscode }) => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'app.py ↔ Docs bot',
  )
  await chat.getByRole('button', { name: /^Open this code/ }).click()
  await studio.untilInHost(
    ({ vscode }) =>
      vscode.window.activeTextEditor?.document.isUntitled &&
      vscode.window.activeTextEditor.document.languageId === 'python',
  )
})

test('a conversation is found, opened and goes on', async () => {
  await ask('the walrus')
  await answered()
  await studio.command('dragoman.newConversation')
  await studio.command('dragoman.conversations')
  await chat.getByRole('searchbox').fill('walr')
  await until(async () => (await chat.locator('.conversations .open').count()) === 1, 'one conversation')
  await chat.locator('.conversations .open').click()
  await seen('You said: the walrus').waitFor()
  await ask('and then?')
  await answered()
  assert.deepEqual(agent.asked.at(-1)?.messages, ['the walrus', 'You said: the walrus', 'and then?'])
})

test('the agent is chosen by keyboard', async () => {
  await chat.locator('.picker').press('Enter')
  await chat.getByRole('option', { name: /Docs bot/ }).waitFor()
  assert.equal(await chat.getByRole('option', { name: /Reviewer/ }).getAttribute('aria-disabled'), 'true')
  await studio.page.keyboard.press('Enter')
  await chat.getByRole('listbox').waitFor({ state: 'hidden' })
  assert.equal(await chat.locator('textarea').evaluate((input) => input === document.activeElement), true)
})

test('an agent of the workspace is asked after the user has allowed it', async () => {
  const stranger = await new Agent().start()
  await studio.inHost(
    async ({ vscode }, [path, text]) => {
      await vscode.workspace.fs.writeFile(vscode.Uri.file(path!), new TextEncoder().encode(text))
    },
    [
      studio.path('agents.json'),
      JSON.stringify([stranger.describe('Stranger', { auth: { type: 'Bearer', token: '${env:HOME}' } })]),
    ],
  )
  await chat.getByRole('button', { name: /^Stranger/ }).click()
  await ask('hello')
  const card = chat.locator('.question')
  await card.waitFor()
  assert.match((await card.textContent()) ?? '', /Allow prompts to “Stranger”.*\$\{env:HOME\}.*agents\.json/)
  assert.equal(stranger.asked.length, 0)
  await card.getByRole('button', { name: 'Allow', exact: true }).click()
  await seen('You said: hello').waitFor()
  assert.equal(await card.count(), 0)
  stranger.stop()
})

test('a draft and the conversation are there again after a reload', async () => {
  await chat.getByRole('button', { name: /^Docs bot/ }).click()
  await ask('remember this')
  await answered()
  await chat.locator('textarea').fill('half a thought')
  await studio.untilStored('half a thought')
  await studio.reload()
  chat = await studio.chat()
  await seen('You said: remember this').waitFor()
  assert.equal(await chat.locator('textarea').inputValue(), 'half a thought')
})
