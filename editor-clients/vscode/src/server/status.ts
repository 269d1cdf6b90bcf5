/** The item in the status bar: whether the server runs, and how many answers stream. */

import * as vscode from 'vscode'
import type { ServerState } from './server.ts'

const TEXTS: Record<ServerState, [icon: string, tooltip: string, command: string]> = {
  running: ['comment-discussion', 'Dragoman: open the chat', 'dragoman.openChat'],
  starting: ['loading~spin', 'Dragoman: the server is starting', 'dragoman.showOutput'],
  stopped: ['debug-disconnect', 'Dragoman: the server does not run; click to start it', 'dragoman.restartServer'],
  missing: ['warning', 'Dragoman: the server was not found; click to look again', 'dragoman.restartServer'],
}

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('dragoman.status', vscode.StatusBarAlignment.Right, 100)

  constructor() {
    this.item.name = 'Dragoman'
    this.show('stopped', undefined)
    this.item.show()
  }

  /** `answering`: the agent whose answer streams in the conversation that is shown. */
  show(state: ServerState, answering: string | undefined): void {
    const [icon, tooltip, command] = TEXTS[state]
    const isAnswering = state === 'running' && answering !== undefined
    this.item.text = isAnswering ? `$(loading~spin) ${answering}` : `$(${icon}) Dragoman`
    this.item.tooltip = isAnswering ? `${answering} answers; click to open the chat` : tooltip
    this.item.command = command
  }

  dispose(): void {
    this.item.dispose()
  }
}
