/** Where answers go: each `interactive` and each `responseAction` of an agent, from the question to what is seen. */

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, beforeEach, test } from 'node:test'
import type { Frame, Locator } from 'playwright-core'
import { Agent, gate } from './agent.ts'
import { Studio, until } from './studio.ts'

const TEXT = 'one\ntwo\nthree\n'
const IN_DOCUMENTS = {
  AppendCursor: 'one\ntwoTWO\nthree\n',
  AppendCursorStream: 'one\ntwoTWO\nthree\n',
  InsertBeforeSelection: 'one\nTWO\ntwo\nthree\n',
  ReplaceSelection: 'one\nTWO\nthree\n',
  ReplaceCurrentFile: 'TWO\n',
}
const PANELS = { ChatPanel: 'chatPanel', RightPanel: 'rightPanel', RunPanel: 'runPanel' } as const
const MODES = [...Object.keys(IN_DOCUMENTS), ...Object.keys(PANELS), 'OutputFile', 'OnPaste', 'StreamDiff']
const ACTIONS = ['TextChunk', 'WebView', 'DevIns', 'Flow', 'Stream', 'Direct']

let agent: Agent
let studio: Studio

before(async () => {
  agent = await new Agent().start()
  studio = await Studio.start({
    agents: [
      ...MODES.map((interactive) => agent.describe(interactive, { interactive })),
      ...ACTIONS.map((responseAction) => agent.describe(responseAction, { responseAction })),
    ],
    files: { 'a.txt': TEXT, 'b.txt': TEXT },
  })
})
after(async () => {
  await studio?.stop()
  agent?.stop()
})
beforeEach(async () => {
  agent.play = () => ['T', 'WO']
  await studio.command('workbench.action.closeAllEditors')
  await studio.command('workbench.action.closePanel')
  await studio.inHost(
    async ({ vscode }, [path, text]) => {
      const document = await vscode.workspace.openTextDocument(path!)
      const editor = await vscode.window.showTextDocument(document)
      await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 99, 0), text!))
      await document.save()
      editor.selection = new vscode.Selection(1, 0, 1, 3)
    },
    [studio.path('a.txt'), TEXT],
  )
})

/** Asks about the second line of a.txt, as a code action does. */
async function ask(name: string): Promise<void> {
  await studio.untilInHost(({ server }) => server.state === 'running')
  await studio.inHost(
    async ({ vscode }, [path, agent]) => {
      const textDocument = { uri: vscode.Uri.file(path!).toString() }
      const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } }
      await vscode.commands.executeCommand('dragoman.sendSelection', {
        agent,
        textDocument,
        range,
        prompt: 'Change it.',
      })
    },
    [studio.path('a.txt'), name],
  )
}

/** Waits until a.txt says this in the editor. */
async function untilDocument(expected: string): Promise<void> {
  await studio.untilInHost(
    ({ vscode }, [path, expected]) =>
      vscode.workspace.textDocuments.find(({ fileName }) => fileName === path)?.getText() === expected,
    [studio.path('a.txt'), expected],
  )
}

/** Waits until some page of ours, whichever place it is in, says this. */
async function untilSeen(text: string): Promise<void> {
  const bodies = () =>
    Promise.all(
      studio.page.frames().map((frame) =>
        frame
          .locator('body')
          .innerText()
          .catch(() => ''),
      ),
    )
  await until(async () => (await bodies()).some((body) => body.includes(text)), text)
}

/** Whether the diff of an answer is open. */
function isDiffOpen(): Promise<boolean> {
  return studio.inHost(({ vscode }) => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs)
    return tabs.some(({ input }) => input instanceof vscode.TabInputTextDiff)
  })
}

for (const [mode, expected] of Object.entries(IN_DOCUMENTS)) {
  test(`${mode} ends in the document, and one undo takes it back`, async () => {
    await ask(mode)
    await untilDocument(expected)
    await studio.command('undo')
    await untilDocument(TEXT)
  })
}

for (const [mode, panel] of Object.entries(PANELS)) {
  test(`${mode} is seen as it streams`, async () => {
    const { open, opened } = gate()
    agent.play = () => [`half of ${mode}`, opened, ', and all']
    await ask(mode)
    await studio.untilInHost(({ chats }, panel) => chats.panels[panel].view.isVisible, panel)
    await untilSeen(`half of ${mode}`)
    open()
    await untilSeen(`half of ${mode}, and all`)
    assert.equal(
      await studio.inHost(({ vscode }) => vscode.window.activeTextEditor?.document.fileName),
      studio.path('a.txt'),
    )
  })
}

test('OutputFile becomes a file that is open', async () => {
  agent.play = () => ['```python\nx = 1\n```']
  await ask('OutputFile')
  const text = await studio.untilInHost(({ vscode }) => {
    const document = vscode.window.activeTextEditor?.document
    return document && /output-.*\.py$/.test(document.fileName) && document.getText()
  })
  assert.equal(text, 'x = 1\n')
})

test('OnPaste is in the clipboard', async () => {
  await ask('OnPaste')
  await studio.untilInHost(async ({ vscode }) => (await vscode.env.clipboard.readText()) === 'TWO')
})

test('StreamDiff grows, and is put in place when it is accepted', async () => {
  const { open, opened } = gate()
  agent.play = () => ['TW', opened, 'O']
  await ask('StreamDiff')
  await untilProposed('one\nTW\nthree\n')
  open()
  await untilProposed('one\nTWO\nthree\n')
  await studio.page.getByRole('button', { name: 'Accept the Answer' }).click()
  await untilDocument('one\nTWO\nthree\n')
  await until(async () => !(await isDiffOpen()), 'the end of the diff')
  await studio.command('undo')
  await untilDocument(TEXT)
})

test('StreamDiff that is rejected, or closed, leaves the document as it is', async () => {
  for (const refuse of ['dragoman.rejectAnswer', 'workbench.action.closeActiveEditor']) {
    await ask('StreamDiff')
    await untilAsked()
    await studio.command(refuse)
    await until(async () => !(await isDiffOpen()), 'the end of the diff')
    await studio.untilInHost(({ session }) => session.running === undefined)
    await untilDocument(TEXT)
  }
})

test('StreamDiff follows what is typed around it, and is never put over what is typed in it', async () => {
  await ask('StreamDiff')
  await untilAsked()
  await type(0, 0, 'zero\n')
  await untilProposed('zero\none\nTWO\nthree\n')
  await type(2, 1, 'X')
  await studio.command('dragoman.acceptAnswer')
  await studio.page.getByText('has been changed meanwhile').first().waitFor()
  await untilDocument('zero\none\ntXwo\nthree\n')
})

test('TextChunk is the next prompt, behind what was written already', async () => {
  const chat = await studio.chat()
  await chat.locator('textarea').fill('my draft')
  await ask('TextChunk')
  await until(async () => (await chat.locator('textarea').inputValue()) === 'my draft\n\nTWO', 'the proposed prompt')
  await chat.locator('textarea').fill('')
})

test('WebView is a page in which nothing runs, and which leads nowhere', async () => {
  const asked: string[] = []
  studio.page.on('requestfinished', (request) => asked.push(request.url()))
  studio.page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'csp') asked.push(request.url()) // one that the policy stops is told of, too
  })
  agent.play = () => [
    '<h1 id=title>Hello page</h1><script>document.getElementById("title").textContent = "broken"</script>',
    '<img src="https://example.com/seen.png"><meta http-equiv="refresh" content="0;url=https://example.com/gone">',
    '<form action="https://example.com/form"><button>send</button></form><a href="https://example.com/link">elsewhere</a>',
  ]
  await ask('WebView')
  await untilSeen('Hello page')
  const page = (await Promise.all(studio.page.frames().map(titled))).find((frame) => frame !== undefined)!
  assert.equal(await page.locator('#title').textContent(), 'Hello page')
  await page.getByRole('button', { name: 'send' }).click()
  await page.getByRole('link', { name: 'elsewhere' }).click()
  assert.deepEqual(
    asked.filter((url) => url.includes('example.com')),
    [],
  )
})

test('Flow is data', async () => {
  agent.play = () => ['{"answer": 42}']
  await ask('Flow')
  await untilSeen('"answer"')
})

for (const mode of ['Stream', 'Direct']) {
  test(`${mode} is seen in the chat`, async () => {
    await ask(mode)
    await untilSeen('TWO')
    await studio.untilInHost(({ chat }) => chat.conversation.turns.at(-1)?.text === 'TWO')
  })
}

const SCRIPT = '/write:a.txt\n```\nwritten\n```\n/write:new/b.txt\n```\nnew\n```\n'

for (const [answer, text] of [
  ['Discard', TEXT],
  ['Apply', 'written\n'],
] as const) {
  test(`DevIns is reviewed first: ${answer}`, async () => {
    agent.play = () => [SCRIPT]
    await ask('DevIns')
    const button = studio.page.getByRole('button', { name: answer, exact: true })
    await button.waitFor()
    await untilDocument(TEXT)
    for (const file of ['a.txt', 'b.txt']) await reviewed(file).click()
    await button.click()
    await untilDocument(text)
    await button.waitFor({ state: 'hidden' })
    await until(() => existsSync(studio.path('new/b.txt')) === (answer === 'Apply'), 'new/b.txt')
  })
}

test('what is asked in the chat goes where its agent wants it, too', async () => {
  const chat = await studio.chat()
  await studio.inHost(({ chat }) => chat.choose('ReplaceSelection'))
  await chat.locator('textarea').fill('change it')
  await chat.locator('textarea').press('Enter')
  await untilDocument('one\nTWO\nthree\n')
  await untilSeen('change it')
})

test('a panel that is closed while an answer streams costs nothing of it', async () => {
  const { open, opened } = gate()
  agent.play = () => ['first half', opened, ', second half']
  await ask('RightPanel')
  await untilSeen('first half')
  await studio.command('workbench.action.closeAllEditors')
  await studio.untilInHost(({ chats }) => !chats.panels.rightPanel.view.isVisible)
  open()
  await studio.untilInHost(({ session }) => session.running === undefined)
  await studio.inHost(({ chats }) => chats.panels.rightPanel.view.reveal())
  await untilSeen('first half, second half')
})

test('an agent that fails is told of where no panel shows it', async () => {
  agent.play = () => ({ status: 402, body: { error: { message: 'quota' } } })
  await ask('AppendCursor')
  await studio.page
    .getByText(/usage limit is reached/)
    .first()
    .waitFor()
  await untilDocument(TEXT)
})

/** The box of a file in the list of changes; none is ticked at first. */
function reviewed(file: string): Locator {
  return studio.page
    .locator('.part.panel .monaco-list-row[aria-level="1"]', { hasText: file })
    .locator('.edit-checkbox')
}

/** Waits until the diff shows this on its right side. */
async function untilProposed(expected: string): Promise<void> {
  await studio.untilInHost(
    ({ vscode }, expected) =>
      vscode.workspace.textDocuments.some(
        (each) => each.uri.scheme === 'dragoman-proposal' && each.getText() === expected,
      ),
    expected,
  )
}

/** Waits until the diff can be accepted. */
async function untilAsked(): Promise<void> {
  await untilProposed('one\nTWO\nthree\n')
  await studio.page.locator('a.action-label:not(.disabled)[aria-label="Accept the Answer"]').waitFor()
}

async function type(line: number, character: number, text: string): Promise<void> {
  await studio.inHost(
    async ({ vscode }, [path, line, character, text]) => {
      const edit = new vscode.WorkspaceEdit()
      edit.insert(
        vscode.Uri.file(path as string),
        new vscode.Position(line as number, character as number),
        text as string,
      )
      await vscode.workspace.applyEdit(edit)
    },
    [studio.path('a.txt'), line, character, text],
  )
}

/** The frame, if it is the agent's page. */
async function titled(frame: Frame): Promise<Frame | undefined> {
  return (await frame
    .locator('#title')
    .count()
    .catch(() => 0)) > 0
    ? frame
    : undefined
}
