/** The places of the editor where the chat's page can be. */

import * as vscode from 'vscode'
import type { PanelName } from '../protocol.ts'
import type { ChatView, Open } from './view.ts'

/** Those that are views: the editor makes them when they are opened. */
export const VIEW_IDS = { chatPanel: 'dragoman.chat', runPanel: 'dragoman.run' } as const

export const PLACES: Record<PanelName, Open> = {
  chatPanel: (_view, takesFocus) => openView(VIEW_IDS.chatPanel, takesFocus),
  rightPanel: async (view, takesFocus) => openBeside(view, takesFocus),
  runPanel: async (_view, takesFocus) => {
    await vscode.commands.executeCommand('setContext', 'dragoman.hasRunPanel', true) // no tab there before it is needed
    await openView(VIEW_IDS.runPanel, takesFocus)
  },
}

async function openView(id: string, takesFocus: boolean): Promise<void> {
  await vscode.commands.executeCommand(`${id}.focus`, { preserveFocus: !takesFocus })
}

function openBeside(view: ChatView, takesFocus: boolean): void {
  const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: !takesFocus }
  const panel = vscode.window.createWebviewPanel('dragoman.rightPanel', 'Dragoman', where)
  panel.iconPath = vscode.Uri.joinPath(view.extension, 'media', 'view.svg')
  view.hold(panel)
}
