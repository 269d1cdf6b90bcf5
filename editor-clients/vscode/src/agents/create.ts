/** Ways to a first agent: by completion in its file, from a curl command, or the example that needs no account. */

import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as vscode from 'vscode'
import type { Server } from '../server/server.ts'

const EXAMPLE = { name: 'Example agent', url: 'http://127.0.0.1:8765/v1/chat/completions' }

/** Opens the agent file with the cursor where a new agent goes, and offers the kinds that are known. */
export async function createAgent(): Promise<void> {
  const file = await chooseFile()
  if (!file) return
  const document = await openOrCreate(file)
  const editor = await vscode.window.showTextDocument(document)
  const place = await placeForAgent(editor)
  editor.selection = new vscode.Selection(place, place)
  await vscode.commands.executeCommand('editor.action.triggerSuggest')
}

/** Adds an agent from the command that its documentation shows, or that a browser's developer tools copy. */
export async function importCurl(server: Server): Promise<void> {
  const copied = await vscode.env.clipboard.readText()
  const isCurl = /^\s*curl\s/.test(copied)
  const command = isCurl
    ? copied
    : await vscode.window.showInputBox({
        title: 'Create an Agent from a curl Command',
        placeHolder: "curl https://agents.example.com/chat -d '…'",
      })
  if (!command) return
  if (isCurl && !(await isWanted(copied))) return
  const file = await chooseFile()
  if (file) await runCommand(server, ['agents', 'import', command, '--file', file.fsPath], file)
}

/** Adds the example agent to the user's own, and starts it in a terminal. */
export async function tryExample(server: Server): Promise<void> {
  const { agents } = await server.request('dragoman/agents', {})
  if (!agents.some((agent) => agent.name === EXAMPLE.name)) {
    await runCommand(server, [
      'agents',
      'add',
      '--provider',
      'custom',
      '--url',
      EXAMPLE.url,
      '--name',
      EXAMPLE.name,
      '--token',
      '',
      '--user',
    ])
  }
  const { program, arguments: shellArgs } = server.commandLine(['example-agent'])
  const terminal = vscode.window.createTerminal({ name: EXAMPLE.name, shellPath: program, shellArgs })
  terminal.show(true)
  await vscode.commands.executeCommand('dragoman.openChat')
}

async function isWanted(command: string): Promise<boolean> {
  const detail = command.length > 500 ? `${command.slice(0, 500)} …` : command
  return (
    (await vscode.window.showInformationMessage(
      'Create an agent from the copied command?',
      { modal: true, detail },
      'Create',
    )) === 'Create'
  )
}

async function runCommand(server: Server, args: string[], show?: vscode.Uri): Promise<void> {
  try {
    const { program, arguments: all } = server.commandLine(args)
    const { stdout } = await promisify(execFile)(program, all)
    server.output.info(stdout)
    if (show) await vscode.window.showTextDocument(show)
    const next = stdout.split('Next:\n')[1]?.trim()
    if (next) void vscode.window.showInformationMessage(next.replace(/^- /gm, '').replace(/\n/g, ' '))
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    void vscode.window.showErrorMessage(said)
  }
}

async function chooseFile(): Promise<vscode.Uri | undefined> {
  const own = vscode.Uri.file(join(configFolder(), 'dragoman', 'agents.json'))
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => ({
    label: `In ${folder.name}`,
    description: 'agents.json; comes with the workspace',
    uri: vscode.Uri.joinPath(folder.uri, 'agents.json'),
  }))
  if (folders.length === 0) return own
  const items = [{ label: 'My own', description: own.fsPath, uri: own }, ...folders]
  return (await vscode.window.showQuickPick(items, { title: 'Where shall the agent be described?' }))?.uri
}

/** As the server finds it. */
function configFolder(): string {
  if (process.env.XDG_CONFIG_HOME) return process.env.XDG_CONFIG_HOME
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming')
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Application Support') : join(homedir(), '.config')
}

async function openOrCreate(file: vscode.Uri): Promise<vscode.TextDocument> {
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  )
  if (!isThere) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('[\n  \n]\n'))
  return vscode.workspace.openTextDocument(file)
}

/** In front of the last bracket; behind an agent, a comma is written first. */
async function placeForAgent(editor: vscode.TextEditor): Promise<vscode.Position> {
  const { document } = editor
  const text = document.getText()
  const bracket = text.lastIndexOf(']')
  if (bracket < 0) return document.positionAt(text.length)
  const before = text.slice(0, bracket).trimEnd()
  const isEmpty = before.endsWith('[') || before.endsWith(',')
  const written = isEmpty ? '\n  ' : ',\n  '
  const start = document.positionAt(before.length)
  await editor.edit((edit) => edit.replace(new vscode.Range(start, document.positionAt(bracket)), `${written}\n`))
  return document.positionAt(before.length + written.length)
}
