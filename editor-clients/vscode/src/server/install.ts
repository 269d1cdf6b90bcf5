/** What is said when there is no server: how to get one. Nothing is installed or downloaded without a click. */

import * as vscode from 'vscode'
import { findOnPath } from './find.ts'

const COPY = 'Copy Install Command'
const SETTINGS = 'Set Its Path'
const RETRY = 'Try Again'

/** Programs that can run the server without installing it, and what makes them do so. */
const RUNNERS = { uvx: ['uvx', 'dragoman', 'serve'], pipx: ['pipx', 'run', 'dragoman', 'serve'] }

export async function offerToInstall(start: () => Promise<void>): Promise<void> {
  const runners = await availableRunners()
  const message =
    'The server of Dragoman was not found: neither in the settings, nor in a virtual environment of the workspace, nor on the path.'
  const chosen = await vscode.window.showWarningMessage(
    message,
    COPY,
    ...runners.map((name) => `Run by ${name}`),
    SETTINGS,
    RETRY,
  )
  const runner = runners.find((name) => chosen === `Run by ${name}`)
  if (runner) {
    await vscode.workspace
      .getConfiguration('dragoman')
      .update('server.command', RUNNERS[runner], vscode.ConfigurationTarget.Global)
    await start()
  } else if (chosen === COPY) {
    await vscode.env.clipboard.writeText(await installCommand())
    if (
      (await vscode.window.showInformationMessage('The command is in the clipboard. Run it in a terminal.', RETRY)) ===
      RETRY
    )
      await start()
  } else if (chosen === SETTINGS) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'dragoman.server.command')
  } else if (chosen === RETRY) {
    await start()
  }
}

async function installCommand(): Promise<string> {
  return (await findOnPath('uv', process.env.PATH)) ? 'uv tool install dragoman' : 'pipx install dragoman'
}

async function availableRunners(): Promise<(keyof typeof RUNNERS)[]> {
  const names = ['uvx', 'pipx'] as const
  const found = await Promise.all(names.map((name) => findOnPath(name, process.env.PATH)))
  return names.filter((_, index) => found[index] !== undefined)
}
