/** The first steps: without a server, in a workspace that is not trusted, to a first agent; and what else is done by commands. */

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Agent } from './agent.ts'
import { Studio, until } from './studio.ts'

let agent: Agent
let studio: Studio

before(async () => {
  agent = await new Agent().start()
  studio = await Studio.start({ agents: [agent.describe('Bot')] })
})
after(async () => {
  await studio?.stop()
  agent?.stop()
})

/** Chooses an entry of the list that is open. */
async function pick(label: string | RegExp): Promise<void> {
  await studio.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first().click()
}

/** Answers the box for a line of text. */
async function write(text: string): Promise<void> {
  const input = studio.page.locator('.quick-input-box input')
  await input.waitFor()
  await input.fill(text)
  await input.press('Enter')
}

/** Presses a button of a message or of a dialog. */
async function press(name: string): Promise<void> {
  await studio.page.getByRole('button', { name, exact: true }).first().click()
}

/** Runs a command of ours that asks something, and so does not end at once. */
async function begin(command: string): Promise<void> {
  await studio.inHost(({ vscode }, command) => void vscode.commands.executeCommand(command), command)
}

/** The text of the editor in front. */
function front(): Promise<string> {
  return studio.inHost(({ vscode }) => vscode.window.activeTextEditor?.document.getText() ?? '')
}

async function ask(prompt: string): Promise<void> {
  await studio.untilInHost(({ server }) => server.state === 'running')
  await studio.inHost(async ({ session, chat }, prompt) => {
    chat.show(session.create('Bot'))
    await session.ask(chat.conversation, { agent: 'Bot', prompt })
  }, prompt)
}

test('the request is looked at before it is sent', async () => {
  await studio.untilInHost(({ server }) => server.state === 'running')
  await studio.inHost(({ chat }) => {
    chat.choose('Bot')
    chat.draft = 'the draft'
  })
  await studio.command('dragoman.previewRequest')
  assert.match(
    await front(),
    /^# What would be sent to Bot\n\n```http\nPOST http:.*the draft.*# The same for a shell.*curl/s,
  )
  assert.equal(agent.asked.length, 0)
})

test('a conversation gets another title, is exported, and is deleted', async () => {
  await ask('the walrus')
  await begin('dragoman.renameConversation')
  await write('About animals')
  await studio.untilInHost(({ chat }) => chat.conversation.title === 'About animals')
  await begin('dragoman.exportConversation')
  await pick('Markdown')
  await until(async () => (await front()).includes('You said: the walrus'), 'the export')
  await begin('dragoman.deleteConversation')
  await press('Delete')
  await studio.untilInHost(({ chat }) => chat.conversation.turns.length === 0)
  const items = await studio.inHost(
    async ({ server }) => (await server.request('dragoman/conversations', { query: 'walrus' })).items,
  )
  assert.deepEqual(items, [])
})

test('an agent is made of a curl command', async () => {
  await studio.inHost(
    async ({ vscode }, url) =>
      await vscode.env.clipboard.writeText(`curl ${url} -d '{"messages": [{"role": "user", "content": "Hi"}]}'`),
    agent.url,
  )
  await begin('dragoman.importCurl')
  await press('Create')
  await pick('My own')
  const file = join(studio.folder, 'config', 'dragoman', 'agents.json')
  await until(async () => ((await readFile(file, 'utf8')).match(/"url"/g) ?? []).length === 2, 'the second agent')
})

test('the example agent needs one click', async () => {
  await studio.command('dragoman.tryExample')
  await studio.untilInHost(({ vscode }) => vscode.window.terminals.some(({ name }) => name === 'Example agent'))
  await studio.untilInHost(async ({ server }) =>
    (await server.request('dragoman/agents', {})).agents.some(({ name }) => name === 'Example agent'),
  )
  await studio.inHost(({ vscode }) => vscode.window.terminals.forEach((terminal) => terminal.dispose()))
})

test('a workspace that is not trusted lends no program; then it is said how to get one', async () => {
  const untrusted = await Studio.start({ agents: [agent.describe('Bot')], isTrusted: false })
  try {
    assert.equal(await untrusted.untilInHost(({ server }) => server.state === 'missing' && server.state), 'missing')
    await untrusted.page.getByText('The server of Dragoman was not found').first().waitFor()
    await untrusted.page.getByRole('button', { name: 'Copy Install Command' }).first().click()
    await untrusted.untilInHost(async ({ vscode }) => /install dragoman$/.test(await vscode.env.clipboard.readText()))
    await untrusted.inHost(
      async ({ vscode }, command) =>
        await vscode.workspace
          .getConfiguration('dragoman')
          .update('server.command', command, vscode.ConfigurationTarget.Global),
      [untrusted.path('.venv/bin/dragoman'), 'serve'],
    )
    await untrusted.untilInHost(({ server }) => server.state === 'running')
  } finally {
    await untrusted.stop()
  }
})
