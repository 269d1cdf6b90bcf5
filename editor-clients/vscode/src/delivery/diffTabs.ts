/** Tabs that show diffs, by what is on their right side. */

import * as vscode from 'vscode'

export async function closeTabs(isMeant: (modified: vscode.Uri) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs)
  await vscode.window.tabGroups.close(tabs.filter((tab) => modifiedOf(tab).some(isMeant)))
}

/** Calls back for tabs of a scheme that are closed, by whom ever. */
export function onTabsClosed(scheme: string, callback: (modified: vscode.Uri) => void): vscode.Disposable {
  return vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
    for (const uri of closed.flatMap(modifiedOf)) if (uri.scheme === scheme) callback(uri)
  })
}

function modifiedOf({ input }: vscode.Tab): vscode.Uri[] {
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : []
}
